//! One-page letters as PDF, written by hand.
//!
//! The font is named, not embedded (a CID font of Adobe-Japan1): viewers put a Japanese font of
//! their own in its place, and the ToUnicode map lets text be searched. Good enough for letters
//! that nobody wrote; the product's own prints embed their fonts.

use std::fmt::Write;

/// A letter: a title, then lines; a line that begins with `■` is a heading.
#[must_use]
pub fn letter(title: &str, lines: &[String]) -> Vec<u8> {
    let content = page(title, lines);
    let everything: String = std::iter::once(title)
        .chain(lines.iter().map(String::as_str))
        .collect();
    let map = to_unicode(&everything);
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (ja-JP) >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 7 0 R >>".to_owned(),
        "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiKakuGo-W5-UniJIS-UCS2-H /Encoding /UniJIS-UCS2-H \
         /DescendantFonts [5 0 R] /ToUnicode 8 0 R >>".to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiKakuGo-W5 /CIDSystemInfo << /Registry (Adobe) \
         /Ordering (Japan1) /Supplement 2 >> /DW 1000 /W [1 [278] 2 94 500] /FontDescriptor 6 0 R >>".to_owned(),
        "<< /Type /FontDescriptor /FontName /HeiseiKakuGo-W5 /Flags 4 /FontBBox [-92 -250 1010 922] /ItalicAngle 0 \
         /Ascent 752 /Descent -221 /CapHeight 737 /StemV 114 >>".to_owned(),
        stream(&content),
        stream(&map),
    ];
    let mut pdf = "%PDF-1.5\n".to_owned();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        let _ = write!(pdf, "{} 0 obj\n{object}\nendobj\n", n + 1);
    }
    let table = pdf.len();
    let _ = write!(pdf, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(pdf, "{place:010} 00000 n ");
    }
    let _ = write!(
        pdf,
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    );
    pdf.into_bytes()
}

fn stream(text: &str) -> String {
    format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len())
}

fn page(title: &str, lines: &[String]) -> String {
    let mut content = format!("BT /F1 18 Tf 1 0 0 1 72 770 Tm <{}> Tj ET\n", hex(title));
    let mut y = 735;
    for line in lines {
        if let Some(heading) = line.strip_prefix('■') {
            y -= 6;
            let _ = writeln!(
                content,
                "BT /F1 11 Tf 1 0 0 1 72 {y} Tm <{}> Tj ET",
                hex(heading)
            );
            let _ = writeln!(content, "0.6 w 72 {} m 523 {} l S", y - 4, y - 4);
            y -= 22;
            continue;
        }
        for row in rows(line, 43) {
            let _ = writeln!(
                content,
                "BT /F1 10.5 Tf 1 0 0 1 72 {y} Tm <{}> Tj ET",
                hex(&row)
            );
            y -= 17;
        }
    }
    content
}

/// Breaks a line after so many characters, as full-width text needs.
fn rows(line: &str, width: usize) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    if chars.is_empty() {
        return vec![String::new()];
    }
    chars
        .chunks(width)
        .map(|row| row.iter().collect())
        .collect()
}

fn hex(text: &str) -> String {
    text.encode_utf16().fold(String::new(), |mut out, unit| {
        let _ = write!(out, "{unit:04X}");
        out
    })
}

/// The map from character codes (UCS-2 here) to Unicode: the same number.
fn to_unicode(text: &str) -> String {
    let mut units: Vec<u16> = text.encode_utf16().collect();
    units.sort_unstable();
    units.dedup();
    let mut map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Same def /CMapType 2 def\n\
                   1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        .to_owned();
    for part in units.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", part.len());
        for unit in part {
            let _ = writeln!(map, "<{unit:04X}> <{unit:04X}>");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap CMapName currentdict /CMap defineresource pop end end");
    map
}
