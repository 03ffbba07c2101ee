//! Files whose bytes are written out here; what image programs write is tested against Pillow in the
//! suite of the node.

use super::*;
use miniz_oxide::deflate::compress_to_vec_zlib;

const MOST: usize = 1 << 20;

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&length[..], kind, body, &[0; 4]].concat()
}

fn png(extra: &[u8]) -> Vec<u8> {
    let head = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let data = chunk(b"IDAT", &[1, 2, 3]);
    [
        b"\x89PNG\r\n\x1A\n",
        &head[..],
        extra,
        &data,
        &chunk(b"IEND", &[]),
    ]
    .concat()
}

fn jpeg(extra: &[u8]) -> Vec<u8> {
    let frame = [0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0];
    let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xFF, 0x00, 0x34];
    [&[0xFF, 0xD8][..], extra, &frame, &scan, &[0xFF, 0xD9]].concat()
}

fn pdf(objects: &[u8]) -> Vec<u8> {
    [
        b"%PDF-1.7\n",
        objects,
        b"\ntrailer <</Root 1 0 R>>\n%%EOF\n",
    ]
    .concat()
}

#[test]
fn a_picture_keeps_its_pixels_and_loses_what_it_tells() {
    let told = [
        chunk(b"tEXt", b"GPS\x0035.6,139.7"),
        chunk(b"eXIf", b"MM"),
        chunk(b"tIME", &[7; 7]),
    ];
    let full = [png(&told.concat()), b"after the end".to_vec()].concat();
    assert_eq!(take("image/png", &full, MOST).unwrap().bytes, png(&[]));

    let told = [
        &[0xFF, 0xE1, 0, 8][..],
        b"Exif\0\0",
        &[0xFF, 0xE1, 0, 31],
        b"http://ns.adobe.com/xap/1.0/\0",
        &[0xFF, 0xED, 0, 6],
        b"8BIM",
        &[0xFF, 0xFE, 0, 6],
        b"here",
    ];
    let full = [jpeg(&told.concat()), jpeg(&[])].concat();
    assert_eq!(take("image/jpeg", &full, MOST).unwrap().bytes, jpeg(&[]));

    let gif = |extra: &[u8]| {
        let head = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF";
        let frame = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x4C\x01\0";
        [&head[..], extra, frame, b"\x3B"].concat()
    };
    let full = [
        gif(b"\x21\xFE\x04here\0\x21\xFF\x0BXMP DataXMP\x01a\0"),
        b"z".to_vec(),
    ]
    .concat();
    assert_eq!(take("image/gif", &full, MOST).unwrap().bytes, gif(b""));
    let looped = gif(b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0");
    assert_eq!(take("image/gif", &looped, MOST).unwrap().bytes, looped);
}

#[test]
fn a_photo_stays_the_right_way_up() {
    let exif = b"Exif\0\0II\x2A\0\x08\0\0\0\x02\0\x10\x01\x02\0\x04\0\0\0abc\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let full = jpeg(&[&[0xFF, 0xE1][..], &length, exif].concat());
    let kept = take("image/jpeg", &full, MOST).unwrap().bytes;
    let upright = [
        &[0xFF, 0xE1, 0, 34][..],
        b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01",
        &[1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0],
    ];
    assert_eq!(kept, jpeg(&upright.concat()));
}

#[test]
fn an_image_that_lies_about_its_type_is_not_taken() {
    for (declared, bytes) in [
        ("image/png", jpeg(&[])),
        ("image/jpeg", pdf(b"")),
        ("image/jpeg", b"<html><script>alert(1)</script>".to_vec()),
        ("application/pdf", b"MZ\x90\0".to_vec()),
        ("text/html", png(&[])),
    ] {
        assert_eq!(
            take(declared, &bytes, MOST),
            Err(NotTaken::TypeLies),
            "{declared}"
        );
    }
    let svg = b"<svg onload='alert(1)'/>";
    assert_eq!(take("image/svg+xml", svg, MOST), Err(NotTaken::Unsupported));
    assert_eq!(take("image/png", &png(&[]), 10), Err(NotTaken::TooLarge));
}

#[test]
fn a_pdf_with_a_script_is_not_taken() {
    let plain = pdf(b"1 0 obj <</Type /Catalog /Title (JavaScript)>> endobj");
    assert_eq!(take("application/pdf", &plain, MOST).unwrap().bytes, plain);
    let inside = compress_to_vec_zlib(b"<</S /JavaScript /JS (app.alert(1))>>", 6);
    let packed = |dictionary: &str, body: &[u8]| {
        let head = format!("1 0 obj <<{dictionary}>>\nstream\r\n");
        pdf(&[head.as_bytes(), body, b"\nendstream endobj"].concat())
    };
    let hex = b"3c3c2f532f4a617661536372697074203e3e>";
    for (what, bytes) in [
        ("plainly", pdf(b"1 0 obj <</S/JavaScript/JS(x)>> endobj")),
        (
            "escaped",
            pdf(b"1 0 obj <</S /#4Aava#53cript /JS (x)>> endobj"),
        ),
        (
            "in an object stream",
            packed("/N 1 /First 4 /Filter /FlateDecode", &inside),
        ),
        (
            "in a stream of no type",
            packed("/Filter /FlateDecode", &inside),
        ),
        (
            "behind a comment",
            pdf(b"%stream\n1 0 obj <</OpenAction <</S /Launch>>>> endobj"),
        ),
        (
            "packed unusually",
            packed("/N 1 /First 4 /Filter /ASCIIHexDecode", hex),
        ),
        (
            "enclosing a file",
            pdf(b"1 0 obj <</Type /EmbeddedFile>> endobj"),
        ),
        ("locked", pdf(b"2 0 obj <</Encrypt 3 0 R>> endobj")),
        (
            "a bomb",
            packed(
                "/Filter /FlateDecode",
                &compress_to_vec_zlib(&vec![0; 40 << 20], 1),
            ),
        ),
    ] {
        assert_eq!(
            take("application/pdf", &bytes, MOST),
            Err(NotTaken::Active),
            "{what}"
        );
    }
}

#[test]
fn a_file_that_is_cut_off_is_broken_at_every_byte() {
    for whole in [
        png(&chunk(b"tEXt", b"x")),
        jpeg(&[0xFF, 0xFE, 0, 3, 1]),
        pdf(b"1 0 obj"),
    ] {
        let declared = Format::of(&whole).media_type();
        for length in 9..whole.len() - 6 {
            let cut = take(declared, &whole[..length], MOST);
            assert_eq!(cut, Err(NotTaken::Broken), "{declared} at {length}");
        }
    }
}
