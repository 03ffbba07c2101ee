//! Names that are written read back; any text at all is read or refused.

use proptest::prelude::*;
use tasuki_model::JstDay;
use tasuki_wire::ssmix2::{
    ConditionFlag, DataKind, StandardName, StandardPath, StoragePath, transactions,
};

proptest! {
    #[test]
    fn a_written_path_reads_back(
        patient in "[0-9A-Z]{4,15}",
        day in prop::option::of((1990_i16..2060, 1_i8..=12, 1_i8..=28)),
        kind in prop::sample::select(&DataKind::ALL[..]),
        order in "[0-9A-Z]{1,22}",
        clock in "(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])([01][0-9]|2[0-3])[0-5][0-9][0-9]{2,5}",
        department in prop::option::of("[0-9A-Z]{2,5}"),
        flag in "[0-9]",
    ) {
        let name = StandardName {
            patient: &patient,
            day: day.map(|(y, m, d)| JstDay::new(y, m, d).unwrap()),
            kind,
            order: &order,
            sent: &clock,
            department: department.as_deref(),
            flag: ConditionFlag::parse(&flag).unwrap(),
        };
        let path = StandardPath { name }.to_string();
        prop_assert_eq!(StandardPath::parse(&path), Ok(StandardPath { name }));
        prop_assert!(StoragePath::parse(&path).is_ok());
    }

    #[test]
    fn any_text_is_a_path_or_not(text in "[0-9A-Z_/.^\\-\\\\あ]{0,120}") {
        let _ = StoragePath::parse(&text);
        let _ = StandardName::parse(&text);
    }

    #[test]
    fn any_bytes_are_transactions_or_not(text in "(MSH\\|\\^|INS|DEL|,|\r|\n|PID\\||x){0,40}") {
        // Every message lies inside the file, in order, without overlap.
        let mut last = 0;
        for entry in transactions(text.as_bytes()).flatten() {
            prop_assert!(entry.offset >= last);
            last = entry.offset + entry.header.len() + entry.message.len();
            prop_assert!(last <= text.len());
        }
    }
}
