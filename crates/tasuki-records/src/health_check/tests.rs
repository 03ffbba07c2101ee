use super::*;
use crate::document::Format;
use crate::document::{category_of, read};

#[test]
fn a_check_is_known_by_its_code_or_its_name_and_nothing_else_is() {
    for (folder, is) in [
        ("53576-5^検診・健診報告書^LN^H1^特定健診^99Z", true),
        ("^^^H2^人間ドック報告書^99Z", true),
        ("M01^定期健康診断^99Z", true),
        ("18842-5^退院時サマリー^LN^S1^サマリー^99Z", false),
        ("R01^CTレポート^99Z", false),
    ] {
        let (document, _) = read(folder, b"text").unwrap();
        assert_eq!(is_health_check(folder, &document), is, "{folder}");
        assert_eq!(
            category_of(folder, Format::Text) == Category::Report && is,
            is,
            "{folder}"
        );
    }
}

#[test]
fn what_a_municipality_sends_is_known_by_its_title() {
    // The title of a synthetic example of the standard's authors.
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/fhir/examples/eMunicipalCheckup/Bundle-example17.json"
    );
    let bundle: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let title = bundle["entry"][0]["resource"]["type"]["coding"][0]["display"]
        .as_str()
        .unwrap();
    assert!(is_named("", title), "{title}");
}
