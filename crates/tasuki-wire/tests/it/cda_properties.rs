//! Anything between two tags is read or refused, and no text of a narrative is lost.

use proptest::prelude::*;
use tasuki_wire::cda::{Block, Body, Inline, Limits, read};

const SOUP: &[&str] = &[
    "<text>",
    "</text>",
    "<section>",
    "</section>",
    "<component>",
    "</component>",
    "<structuredBody>",
    "</structuredBody>",
    "<table><tr><td>",
    "</td></tr></table>",
    "<list><item>",
    "</item></list>",
    "<content styleCode='Bold' revised='delete'>",
    "</content>",
    "<br/>",
    "&amp;",
    "&#x5c71;",
    "&x;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?x",
    "?>",
    "<!DOCTYPE a>",
    "a",
    " ",
    "'",
    "\u{0}",
    "山",
];

/// Well-formed narrative of nested marks, and its text.
fn narrative() -> impl Strategy<Value = (String, String)> {
    let leaf = "[a-zあ-ん]{1,6}".prop_map(|text| (text.clone(), text));
    leaf.prop_recursive(4, 24, 4, |inner| {
        let name =
            prop::sample::select(&["content", "sub", "paragraph", "footnote", "unknown", "td"][..]);
        (name, prop::collection::vec(inner, 1..4)).prop_map(|(name, inner)| {
            let (xml, text): (String, String) = inner.into_iter().unzip();
            (format!("<{name}>{xml}</{name}>"), text)
        })
    })
}

proptest! {
    #[test]
    fn soup_is_read_or_refused(parts in prop::collection::vec(prop::sample::select(SOUP), 0..40)) {
        let bytes = format!("<ClinicalDocument xmlns='urn:hl7-org:v3'>{}</ClinicalDocument>", parts.concat());
        let _ = read(bytes.as_bytes(), &Limits::default());
    }

    #[test]
    fn no_text_of_a_narrative_is_lost((xml, text) in narrative()) {
        let bytes = format!(
            "<ClinicalDocument xmlns='urn:hl7-org:v3'><component><structuredBody><component><section>\
             <text>{xml}</text></section></component></structuredBody></component></ClinicalDocument>"
        );
        let document = read(bytes.as_bytes(), &Limits::default()).unwrap();
        let Body::Structured(sections) = document.body else { panic!() };
        prop_assert_eq!(sections[0].blocks.iter().map(of_block).collect::<String>(), text);
    }
}

fn of_block(block: &Block) -> String {
    match block {
        Block::Paragraph(inlines) => of_inlines(inlines),
        Block::List(_) | Block::Table(_) => panic!("none was generated"),
    }
}

fn of_inlines(inlines: &[Inline]) -> String {
    let one = |inline: &Inline| match inline {
        Inline::Text(text) => text.clone(),
        Inline::Break => String::new(),
        Inline::Styled(_, inner) | Inline::Link(_, inner) | Inline::Media(_, inner) => {
            of_inlines(inner)
        }
        Inline::Footnote(inner) => of_inlines(inner),
    };
    inlines.iter().map(one).collect()
}
