use super::*;
use crate::wrap::lines;
use std::io::Write;
use std::process::{Command, Stdio};

/// Of the package that `cargo xtask setup` installs.
const FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

fn faces() -> Faces {
    Faces::read(&[FONT]).unwrap()
}

fn document() -> Document {
    Document {
        title: "現在の薬".to_owned(),
        lang: "ja".to_owned(),
        banner: vec![
            ("氏名".to_owned(), "東京 花子".to_owned()),
            ("生年月日".to_owned(), "1947-03-12（昭和22年）".to_owned()),
        ],
        gaps: vec!["霞沢ヘルスケアネット　応答がありません。".to_owned()],
        gap_mark: "一部未受信".to_owned(),
        blocks: vec![
            Block::Heading("処方".to_owned()),
            Block::Table(Table {
                columns: vec![("薬".to_owned(), 3), ("用法".to_owned(), 1)],
                rows: (0..90)
                    .map(|n| vec![format!("アムロジピン錠５ｍｇ「{n}」"), "朝食後".to_owned()])
                    .collect(),
            }),
        ],
        printed: "水沢 一郎 2026-11-23 14:00 印刷".to_owned(),
    }
}

/// What poppler, which has none of our code, makes of a PDF.
fn poppler(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    let writing = std::thread::spawn(move || input.write_all(&bytes));
    let done = child.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(
        done.status.success() && done.stderr.is_empty(),
        "{:?}",
        done.stderr
    );
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn every_page_says_whose_it_is_and_what_is_missing() {
    let pdf = document().to_pdf(&faces()).unwrap();
    let text = poppler("pdftotext", &["-layout", "-", "-"], &pdf);
    let pages: Vec<&str> = text
        .split('\u{c}')
        .filter(|p| !p.trim().is_empty())
        .collect();
    assert_eq!(pages.len(), 3);
    for (n, page) in pages.iter().enumerate() {
        for word in ["現在の薬", "東京 花子", "一部未受信", "用法", "水沢 一郎"]
        {
            assert!(page.contains(word), "page {n} without {word}: {page}");
        }
        let bare = page.replace(' ', "");
        assert!(bare.contains(&format!("{}/3", n + 1)), "{page}");
    }
    assert!(pages[0].contains("応答がありません"));
    for n in 0..90 {
        assert_eq!(text.matches(&format!("「{n}」")).count(), 1, "row {n}");
    }
}

#[test]
fn the_typeface_is_inside_and_only_what_is_used_of_it() {
    let pdf = document().to_pdf(&faces()).unwrap();
    let fonts = poppler("pdffonts", &["-"], &pdf);
    let line = fonts.lines().nth(2).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    // name, type (two words), encoding, emb, sub, uni, object
    assert!(line.contains(" yes yes yes "), "{words:?}");
    assert!(pdf.len() < 100_000, "{}", pdf.len());
}

#[test]
fn a_line_ends_where_japanese_lets_it() {
    let faces = faces();
    let mut measure = faces.measure();
    let text = "朝食後（１日１回）に服用。Amlodipine 5 mg を続ける、と記載";
    for width in 20..120 {
        let lines = lines(text, width as f32, 9.0, &mut measure);
        let whole: String = lines.concat();
        assert_eq!(
            whole.replace(' ', ""),
            text.replace(' ', ""),
            "nothing is lost"
        );
        if width < 55 {
            // Narrower than its longest word, a line breaks where it has to.
            continue;
        }
        for line in &lines {
            assert!(measure.line(line, 9.0) <= width as f32, "{width}: {line}");
            assert!(!line.starts_with(['）', '。', '、']), "{width}: {line}");
            assert!(!line.ends_with('（'), "{width}: {line}");
        }
    }
}

#[test]
fn what_no_typeface_has_is_a_geta_and_is_still_said() {
    let mut document = document();
    document.banner[0].1 = "\u{E000}野 太郎".to_owned();
    let faces = faces();
    let mut measure = faces.measure();
    assert_eq!(measure.glyph('\u{E000}'), measure.glyph('〓'));
    let text = poppler("pdftotext", &["-", "-"], &document.to_pdf(&faces).unwrap());
    assert!(text.contains("野 太郎"), "{text}");
}

#[test]
fn a_row_higher_than_a_page_goes_on_and_too_much_is_refused() {
    let mut document = document();
    let long = "長い所見。".repeat(3_000);
    document.blocks = vec![Block::Table(Table {
        columns: vec![("所見".to_owned(), 1), ("日".to_owned(), 1)],
        rows: vec![vec![long.clone(), "11/23".to_owned()]],
    })];
    let text = poppler(
        "pdftotext",
        &["-", "-"],
        &document.to_pdf(&faces()).unwrap(),
    );
    assert_eq!(text.matches('長').count(), 3_000);
    document.blocks = vec![Block::Text("あ\n".repeat(30_000))];
    let fault = document.to_pdf(&faces()).unwrap_err();
    assert_eq!(fault.code.id(), "PRN-002");
    let missing = Faces::read(&["/nowhere"]).err().unwrap();
    assert_eq!(missing.code.id(), "PRN-001");
}

#[test]
fn a_heading_stays_with_what_it_heads() {
    let mut document = document();
    for before in 20..60 {
        document.blocks = vec![Block::Text("本文\n".repeat(before))];
        document.blocks.push(Block::Heading("見出し語".to_owned()));
        document.blocks.push(Block::Table(Table {
            columns: vec![("列".to_owned(), 1)],
            rows: vec![vec!["一行目\n二行目".to_owned()]],
        }));
        let faces = faces();
        let text = poppler("pdftotext", &["-", "-"], &document.to_pdf(&faces).unwrap());
        let page = text
            .split('\u{c}')
            .find(|p| p.contains("見出し語"))
            .unwrap();
        assert!(page.contains("二行目"), "{before}: {page}");
    }
}
