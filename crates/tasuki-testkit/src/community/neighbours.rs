//! The facilities of communities B, C and D: other vendors, other habits.

use super::{Facility, Habits, LabCodes, PLAIN, Spelling};

/// What is alike in the hospitals of one vendor.
const FUTABA: Habits = Habits {
    id_digits: 9,
    id_from: 300_100_023,
    time_digits: 14,
    local_system: "99FTB",
    system: "FUTABA-EMR",
    ..PLAIN
};

const KASUMI: Habits = Habits {
    id_prefix: "K",
    id_digits: 7,
    id_from: 1_100_417,
    superseded: '0',
    spelling: Spelling::Common,
    lab_codes: LabCodes::Partly,
    local_system: "99KSM",
    hot9: false,
    system: "KSM-WEB",
    ..PLAIN
};

const SHIRAHO: Habits = Habits {
    id_digits: 12,
    id_from: 80_000_031,
    time_digits: 15,
    department: false,
    half_width_kana: true,
    crp_per_litre: true,
    range_shift: 0.04,
    local_system: "99SRH",
    system: "SRH",
    ..PLAIN
};

const fn place(
    [code, name, short, badge]: [&'static str; 4],
    hospital: bool,
    address: &'static str,
    habits: Habits,
) -> Facility {
    Facility {
        code,
        name,
        short,
        badge,
        hospital,
        address,
        habits,
    }
}

/// The facilities of the neighbours, in the order of their communities.
#[rustfmt::skip]
pub const NEIGHBOURS: [Facility; 7] = [
    place(["1316789012", "双葉中央病院", "双葉中央", "双葉"], true, "東京都板橋区加賀９−６−６", FUTABA),
    place(["1317890123", "双葉整形外科", "双葉整形", "双整"], false, "東京都板橋区大山町９−７−７", Habits { id_from: 300_700_002, ..FUTABA }),
    place(["1318901234", "ときわ台眼科", "ときわ台", "常盤"], false, "東京都板橋区常盤台９−８−８", Habits { id_digits: 6, id_from: 8_011, local_system: "99TKW", hot9: false, system: "TOKIWA", ..FUTABA }),
    place(["1319012345", "霞沢総合病院", "霞沢総合", "霞沢"], true, "東京都多摩市落合９−９−９", KASUMI),
    place(["1310123456", "霞沢内科クリニック", "霞沢内科", "霞内"], false, "東京都多摩市永山９−１−９", Habits { id_from: 5_500_003, ..KASUMI }),
    place(["1311122334", "白帆病院", "白帆", "白帆"], true, "東京都江戸川区臨海町９−２−９", SHIRAHO),
    place(["1312233445", "白帆こどもクリニック", "白帆こども", "帆子"], false, "東京都江戸川区葛西９−３−９", Habits { id_digits: 8, id_from: 60_001, ..SHIRAHO }),
];
