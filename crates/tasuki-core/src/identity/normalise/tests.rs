use super::*;

#[test]
fn kana_written_otherwise_has_one_key() {
    for (a, b) in [
        ("キョウコ", "キヨウコ"),
        ("ﾄｳｷｮｳ", "とうきょう"),
        ("オオノ", "オーノ"),
        ("オオノ", "オウノ"),
        ("ユウコ", "ユーコ"),
        ("ユウコ", "ユコ"),
        ("ヴァン", "バン"),
        ("ミヅキ", "ミズキ"),
        ("ヂエ", "ジエ"),
        ("サトウ", "サトー"),
        ("ﾀﾞｲｽｹ", "ダイスケ"),
        ("マ・リ ア", "マリア"),
        ("ヴ", "ブ"),
        ("カヲル", "カオル"),
    ] {
        assert_eq!(kana_key(a), kana_key(b), "{a} {b}");
        assert!(!kana_key(a).is_empty());
    }
    for (a, b) in [
        ("ハナコ", "バナコ"),
        ("ユキ", "ユミ"),
        ("カ", "ガ"),
        ("エイコ", "エコ"),
    ] {
        assert_ne!(kana_key(a), kana_key(b), "{a} {b}");
    }
    assert_eq!(kana_key("花子"), b"");
}

#[test]
fn variant_kanji_share_a_key_but_not_a_writing() {
    for (a, b) in [
        ("髙橋", "高橋"),
        ("﨑山", "崎山"),
        ("齋藤", "斉藤"),
        ("渡邊", "渡邉"),
        ("𠮷田", "吉田"),
    ] {
        assert_eq!(kanji_key(a).0, kanji_key(b).0, "{a} {b}");
        assert_ne!(kanji_key(a).1, kanji_key(b).1, "{a} {b}");
    }
    assert_ne!(kanji_key("太田").0, kanji_key("大田").0);
    assert_eq!(kanji_key("〓橋").0, "*橋");
    assert_eq!(kanji_key("葛\u{E0100}城").0, kanji_key("葛城").0);
}

#[test]
fn one_field_and_kana_only_names_find_their_parts() {
    let raw = Raw {
        family_kanji: "東京　花子",
        family_kana: "トウキョウ ハナコ",
        ..Raw::default()
    };
    let keys = name_keys(&raw);
    assert_eq!(
        (keys.family.as_str(), keys.given.as_str()),
        ("東京", "花子")
    );
    assert_eq!(keys.given_kana, kana_key("ハナコ"));
    let kana = name_keys(&Raw {
        family_kanji: "グエン",
        given_kanji: "ラン",
        ..Raw::default()
    });
    assert_eq!(
        (kana.family.as_str(), kana.given_kana),
        ("", kana_key("ラン"))
    );
    let roman = name_keys(&Raw {
        family_roman: "OHNO",
        given_roman: "Kyouko",
        ..Raw::default()
    });
    assert_eq!(roman.family_kana, kana_key("オオノ"));
    assert_eq!(roman.given_kana, kana_key("キョウコ"));
}

#[test]
fn newborns_without_a_name_and_test_patients_are_known_as_such() {
    for given in ["ベビー", "第一子", "男児", "Baby"] {
        assert!(
            name_keys(&Raw {
                family_kanji: "東京",
                given_kanji: given,
                ..Raw::default()
            })
            .unnamed
        );
    }
    assert!(
        name_keys(&Raw {
            family_kanji: "テスト",
            given_kanji: "太郎",
            ..Raw::default()
        })
        .test
    );
    assert!(
        !name_keys(&Raw {
            family_kanji: "東京",
            given_kanji: "花子",
            ..Raw::default()
        })
        .unnamed
    );
}

#[test]
fn a_birth_date_is_read_in_every_form() {
    for text in [
        "1955-03-02",
        "1955/3/2",
        "19550302",
        "S30.3.2",
        "S30/3/2",
        "3300302",
        "昭和30年3月2日",
        "１９５５／０３／０２",
    ] {
        assert_eq!(
            birth_key(text).map(BirthKey::packed),
            Some(19_550_302),
            "{text}"
        );
    }
    assert_eq!(
        birth_key("平成元年1月8日").map(BirthKey::packed),
        Some(19_890_108)
    );
    for text in [
        "1900-01-01",
        "",
        "不明",
        "1955-13-02",
        "99999999",
        "18991231",
    ] {
        assert_eq!(birth_key(text), None, "{text}");
    }
}

#[test]
fn an_address_is_a_town_and_up_to_three_numbers() {
    let place = |t| address_key(t).place;
    for text in [
        "東京都板橋区雑司が谷５丁目２３番２１号",
        "板橋区雑司ヶ谷5-23-21",
        "東京都板橋区雑司ケ谷五丁目23-21",
        "板橋区雑司が谷５−２３−２１　コーポ８０４",
        "板橋区雑司が谷５の２３の２１",
    ] {
        assert_eq!(place(text), "板橋区雑司が谷5-23-21", "{text}");
    }
    assert_eq!(place("東京都八王子市大字根岸33番地"), "八王子市根岸33");
    assert_eq!(
        address_key("千葉県市川市富士見"),
        AddressKey {
            town: "市川市富士見".into(),
            place: String::new()
        }
    );
    assert_eq!(address_key("京都府京都市北区").town, "京都市北区");
}

#[test]
fn an_insurance_is_a_household_and_a_branch() {
    let key = insurance_key("01130012", "7-3", "０００９２９９３", "01").unwrap();
    assert_eq!(
        (key.household.as_str(), key.branch, key.personal),
        ("1130012/73/92993", Some(1), false)
    );
    assert!(
        insurance_key("39131555", "", "79840041", "")
            .unwrap()
            .personal
    );
    assert!(insurance_key("", "1", "2", "").is_none());
}

#[test]
fn endless_fields_are_cut() {
    let long = "ア".repeat(100_000);
    assert!(kana_key(&long).len() <= 32);
    let keys = keys(&Raw {
        family_kana: &long,
        family_kanji: &long,
        address: &long,
        phone: &long,
        ..Raw::default()
    });
    assert!(keys.address.town.chars().count() <= 200);
}
