//! What a document may not do to its page.

use super::{blocks, original_of};
use crate::words::{Lang, Words};
use askama::Template;
use tasuki_core::ports::Content;

#[test]
fn an_html_report_with_links_is_text_and_nothing_in_it_runs_or_leads_away() {
    let report = "<html><body onload=\"alert(1)\"><a href=\"https://example.com/\">所見</a>\
                  <script>alert(2)</script><img src=\"https://example.com/x.png\"></body></html>";
    let read = tasuki_records::read("R01^CTレポート^99Z", "text/html", report.as_bytes());
    assert_eq!(
        read.inline, None,
        "no browser shows it as what it says that it is"
    );
    let w = Words { lang: Lang::Ja };
    let drawn: Vec<String> = blocks(w, &read.sheet)
        .iter()
        .map(|block| block.render().unwrap())
        .collect();
    let page = drawn.concat();
    assert!(
        page.contains("所見") && page.contains("&#60;a href"),
        "{page}"
    );
    for tag in ["<a", "<script", "<img", "<body"] {
        assert!(!page.contains(tag), "{tag}: {page}");
    }
    let content = Content {
        mime_type: "text/html".into(),
        bytes: report.as_bytes().to_vec(),
    };
    let original = original_of("R01^CTレポート^99Z", content, false);
    assert_eq!(original.media_type, "text/plain; charset=utf-8");
}
