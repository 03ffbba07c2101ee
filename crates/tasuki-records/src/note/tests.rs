use super::*;
use proptest::prelude::*;

#[test]
fn a_note_is_read_back_as_it_was_written() {
    let note = Note {
        text: "体重46.8kg。\r\nむくみは軽い。".to_owned(),
        items: vec![
            (Item::NextVisit, "2026-07-27".to_owned()),
            (Item::PointsToWatch, "毎朝の体重測定。\n塩分6g。".to_owned()),
            (Item::Wishes, "  ".to_owned()),
        ],
    };
    let document = note.write();
    assert_eq!(
        document,
        "体重46.8kg。\nむくみは軽い。\n\n【次回訪問予定日】\n2026-07-27\n\n【留意点】\n毎朝の体重測定。\n塩分6g。\n"
    );
    let read = Note::read(&document);
    assert_eq!(read.items.len(), 2, "an empty part is none");
    assert_eq!(read.first_line(), "体重46.8kg。");
    assert_eq!(read.write(), document);
}

#[test]
fn a_text_of_others_is_a_note_without_items() {
    let read = Note::read("看護記録\n【バイタル】 36.5\n");
    assert_eq!(read.text, "看護記録\n【バイタル】 36.5");
    assert!(read.items.is_empty());
    let only = Note::read("【留意点】\n転倒に注意\n");
    assert_eq!(
        (only.text.as_str(), only.first_line().as_str()),
        ("", "転倒に注意")
    );
}

proptest! {
    #[test]
    fn no_character_of_a_document_is_lost(document in "[あ-ん【】留意点\n a-z]{0,200}") {
        let note = Note::read(&document);
        let again = Note::read(&note.write());
        prop_assert_eq!(&again, &note);
        let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        let parts: usize = note.items.iter().map(|(i, p)| visible(i.heading()) + visible(p)).sum();
        let headings = document.lines().filter(|l| Item::ALL.iter().any(|i| i.heading() == l.trim()));
        // A heading without a part under it says nothing and is left out.
        let empty = headings.count() - note.items.len();
        prop_assert!(visible(&document) <= visible(&note.text) + parts + empty * 20);
    }
}
