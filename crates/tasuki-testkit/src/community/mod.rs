//! The community: three hospitals and two clinics, each with its own habits; and three neighbouring
//! communities, which a demo of a whole network needs.
//!
//! The habits are what makes real storages differ although all follow the same specification:
//! they are the reason why readers must be lenient, and here they are all in one table.

mod elsewhere;
mod neighbours;
mod network;
mod registrations;
mod staff;

pub use elsewhere::{SHARED, elsewhere};
pub use neighbours::NEIGHBOURS;
pub use network::{COMMUNITIES, Community, facility};
pub use registrations::{Registration, registrations};
pub use staff::{Staff, staff};

/// How a facility spells a family name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As in the family register (齋藤).
    Registered,
    /// In the common form (斎藤).
    Common,
}

/// Which lab codes a facility writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabCodes {
    /// JLAC10 first, its own code second.
    Both,
    /// JLAC10 for the common analytes, only its own code for the rest.
    Partly,
}

/// How a facility writes its files.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// What stands before the digits of a local patient ID.
    pub id_prefix: &'static str,
    /// Digits of a local patient ID.
    pub id_digits: usize,
    /// The number of its first patient here.
    pub id_from: usize,
    /// Digits of 発生日時: 14, 15 or 17.
    pub time_digits: usize,
    /// The flag that a replaced file gets: `2` by the specification, `0` in some systems.
    pub superseded: char,
    /// Whether file names carry the department.
    pub department: bool,
    /// Half-width kana in PID-5.
    pub half_width_kana: bool,
    /// Spelling of family names.
    pub spelling: Spelling,
    /// Lab codes.
    pub lab_codes: LabCodes,
    /// Code system of local codes.
    pub local_system: &'static str,
    /// Whether common drugs carry their HOT9 code.
    pub hot9: bool,
    /// CRP in mg/L instead of mg/dL.
    pub crp_per_litre: bool,
    /// How far its reference ranges lie from the usual ones.
    pub range_shift: f64,
    /// MSH-3.
    pub system: &'static str,
}

/// A hospital or clinic.
#[derive(Clone, Copy, Debug)]
pub struct Facility {
    /// 10-digit 医療機関コード.
    pub code: &'static str,
    /// Full name.
    pub name: &'static str,
    /// Name on a badge.
    pub short: &'static str,
    /// Two characters beside its shape.
    pub badge: &'static str,
    /// Whether it has beds.
    pub hospital: bool,
    /// Address.
    pub address: &'static str,
    /// How it writes.
    pub habits: Habits,
}

const PLAIN: Habits = Habits {
    id_prefix: "",
    id_digits: 10,
    id_from: 12_345,
    time_digits: 17,
    superseded: '2',
    department: true,
    half_width_kana: false,
    spelling: Spelling::Registered,
    lab_codes: LabCodes::Both,
    local_system: "99TSG",
    hot9: true,
    crp_per_litre: false,
    range_shift: 0.0,
    system: "KAKU-HIS",
};

/// The facilities of the community. The index of each is its number everywhere in the test kit.
pub const FACILITIES: [Facility; 5] = [
    Facility {
        code: "1311234567",
        name: "架空総合病院",
        short: "架空総合",
        badge: "架空",
        hospital: true,
        address: "東京都文京区本郷９−１−１",
        habits: PLAIN,
    },
    Facility {
        code: "1312345678",
        name: "みなと第二病院",
        short: "みなと第二",
        badge: "湊二",
        hospital: true,
        address: "東京都港区芝９−２−２",
        habits: Habits {
            id_digits: 8,
            id_from: 20_441_001,
            time_digits: 14,
            superseded: '0',
            department: false,
            spelling: Spelling::Common,
            lab_codes: LabCodes::Partly,
            local_system: "99M2D",
            hot9: false,
            crp_per_litre: true,
            range_shift: 0.08,
            system: "MINATO",
            ..PLAIN
        },
    },
    Facility {
        code: "1313456789",
        name: "東雲記念病院",
        short: "東雲記念",
        badge: "東雲",
        hospital: true,
        address: "東京都江東区東陽９−３−３",
        habits: Habits {
            id_digits: 7,
            id_from: 4_200_017,
            half_width_kana: true,
            local_system: "99SNM",
            range_shift: -0.05,
            system: "SHINOME",
            ..PLAIN
        },
    },
    Facility {
        code: "1314567890",
        name: "青葉クリニック",
        short: "青葉",
        badge: "青葉",
        hospital: false,
        address: "東京都文京区千駄木９−４−４",
        habits: Habits {
            id_digits: 6,
            id_from: 1_203,
            time_digits: 15,
            spelling: Spelling::Common,
            local_system: "99AOB",
            system: "AOBA-CL",
            ..PLAIN
        },
    },
    Facility {
        code: "1315678901",
        name: "汐見内科クリニック",
        short: "汐見内科",
        badge: "汐見",
        hospital: false,
        address: "東京都江東区木場９−５−５",
        habits: Habits {
            id_digits: 6,
            id_from: 700_051,
            time_digits: 14,
            department: false,
            lab_codes: LabCodes::Partly,
            local_system: "99SOM",
            hot9: false,
            system: "SHIOMI",
            ..PLAIN
        },
    },
];
