use super::*;

#[test]
fn a_day_stays_that_day_in_xds() {
    assert_eq!(JstTime::parse_hl7("20260713").unwrap().xds(), "20260713");
    assert_eq!(
        JstTime::parse_hl7("202607130100").unwrap().xds(),
        "202607121600"
    );
    assert_eq!(
        JstTime::parse_hl7("20260713235959.123").unwrap().xds(),
        "20260713145959"
    );
    assert_eq!(JstTime::parse_hl7("202607").unwrap().xds(), "202607");
    assert_eq!(JstTime::parse_hl7("2026").unwrap().xds(), "2026");
}

#[test]
fn file_name_times_of_fourteen_to_seventeen_digits() {
    for (text, micros) in [("20110701224603", 0), ("20110701224603984", 984_000)] {
        let t = JstTime::parse_hl7(text).unwrap();
        assert_eq!(t.start().micros() % MICROS, micros);
        assert_eq!(t.day().to_string(), "2011-07-01");
        assert_eq!(t.clock().as_deref(), Some("22:46"));
    }
    for bad in [
        "",
        "20",
        "2011070",
        "20111301",
        "20110701250000",
        "2011070122460398412345678",
        "２０１１",
    ] {
        assert!(JstTime::parse_hl7(bad).is_err(), "{bad}");
    }
}

#[test]
fn an_offset_is_honoured() {
    let utc = JstTime::parse_hl7("20260713000000+0000").unwrap();
    assert_eq!(utc.day().to_string(), "2026-07-13");
    assert_eq!(utc.clock().as_deref(), Some("09:00"));
}

#[test]
fn days_count_both_ways_at_the_edges() {
    for text in ["19700101", "19691231", "20000229", "18730101", "20261231"] {
        let day = JstDay::parse_basic(text).unwrap();
        assert_eq!(JstDay::from_epoch_days(day.epoch_days()), day);
        assert_eq!(JstDay::at(day.starts()), day);
        assert_eq!(JstDay::at(day.starts().plus_seconds(86_399)), day);
    }
}

#[test]
fn eras_change_on_their_day() {
    let era = |t| {
        JstDay::parse_basic(t)
            .unwrap()
            .era()
            .map(|(e, y)| (e.kanji(), y))
    };
    assert_eq!(era("19470312"), Some(("昭和", 22)));
    assert_eq!(era("19890107"), Some(("昭和", 64)));
    assert_eq!(era("19890108"), Some(("平成", 1)));
    assert_eq!(era("20190430"), Some(("平成", 31)));
    assert_eq!(era("20190501"), Some(("令和", 1)));
    assert_eq!(era("18721231"), None);
}

#[test]
fn era_dates_are_read_in_every_form() {
    let day = |t| parse_era_day(t).map(|d| d.to_string());
    for text in [
        "昭和22年3月12日",
        "S22.3.12",
        "S22/3/12",
        "s220312",
        "3220312",
    ] {
        assert_eq!(day(text).as_deref(), Some("1947-03-12"), "{text}");
    }
    assert_eq!(day("令和元年5月1日").as_deref(), Some("2019-05-01"));
    assert_eq!(day("昭和64年3月1日").as_deref(), Some("1989-03-01"));
    for bad in [
        "昭和22年",
        "昭和90年1月1日",
        "X22.3.12",
        "S22.13.1",
        "平成40年1月1日",
    ] {
        assert_eq!(day(bad), None, "{bad}");
    }
}

#[test]
fn ages_turn_on_the_birthday() {
    let born = JstDay::new(1947, 3, 12).unwrap();
    assert_eq!(born.years_until(JstDay::new(2026, 3, 11).unwrap()), 78);
    assert_eq!(born.years_until(JstDay::new(2026, 3, 12).unwrap()), 79);
}

#[test]
fn days_are_counted_without_gap_over_every_century_rule() {
    // 1893 to 2116, with the leap years of 1896, 1904, 2000 and the missing one of 1900 and 2100.
    for days in -28_000..53_500 {
        assert_eq!(super::JstDay::from_epoch_days(days).epoch_days(), days);
    }
    for (text, days) in [
        ("19700101", 0),
        ("19691231", -1),
        ("20000229", 11_016),
        ("20000301", 11_017),
    ] {
        assert_eq!(super::JstDay::parse_basic(text).unwrap().epoch_days(), days);
    }
}

#[test]
fn a_time_of_xds_is_shown_in_japan_in_its_own_precision() {
    use crate::xds::{utc_in_jst, utc_moment, utc_text};
    let shown = |text: &str| utc_in_jst(text).map(|t| t.text().to_owned());
    assert_eq!(shown("20260712150000").as_deref(), Some("20260713000000"));
    assert_eq!(shown("202607121459").as_deref(), Some("202607122359"));
    assert_eq!(shown("20260712").as_deref(), Some("20260712"));
    assert_eq!(shown("2026071"), None);
    assert_eq!(shown("20261301"), None);
    assert_eq!(shown("2026-07-12"), None);
    let at = utc_moment("20260712150000").unwrap();
    assert_eq!(utc_text(at), "20260712150000");
    assert_eq!(utc_moment("2026"), utc_moment("20260101000000"));
}
