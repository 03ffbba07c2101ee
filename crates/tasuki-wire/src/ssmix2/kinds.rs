//! The 26 data kinds of the standardized storage and the 36 outputs that fill them
//! (standardized storage specification Ver.1.2g, list of outputs).

/// What an output says about the thing it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// A state that is replaced as a whole (demographics, allergies, problems).
    State,
    /// Something planned.
    Plan,
    /// Something that happened.
    Event,
    /// An order.
    Order,
    /// What was done, or what came out of an order.
    Result,
}

/// One of the 36 outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Output {
    /// Data kind under which it is stored.
    pub kind: DataKind,
    /// MSH-9.1.
    pub message: &'static str,
    /// MSH-9.2.
    pub trigger: &'static str,
    /// MSH-9.3.
    pub structure: &'static str,
    /// Order, result, …
    pub phase: Phase,
    /// True if it takes back (取消, 削除) what the other output of its kind said.
    pub cancels: bool,
    /// Its name in the specification.
    pub title: &'static str,
}

macro_rules! data_kinds {
    ($($variant:ident $code:literal $title:literal),+ $(,)?) => {
        /// データ種別: the 26 kinds of the standardized storage.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DataKind {
            $(#[doc = $title] $variant),+
        }

        impl DataKind {
            /// All of them, in the specification's order.
            pub const ALL: [Self; 26] = [$(Self::$variant),+];

            /// As it stands in folder and name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Its name in the specification.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// Reads a folder or name part.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

data_kinds! {
    Adt00 "ADT-00" "患者基本情報",
    Adt01 "ADT-01" "担当医",
    Adt12 "ADT-12" "外来診察の受付",
    Adt21 "ADT-21" "入院予定",
    Adt22 "ADT-22" "入院実施",
    Adt31 "ADT-31" "外出泊実施",
    Adt32 "ADT-32" "外出泊帰院実施",
    Adt41 "ADT-41" "転科・転棟(転室・転床)予定",
    Adt42 "ADT-42" "転科・転棟(転室・転床)実施",
    Adt51 "ADT-51" "退院予定",
    Adt52 "ADT-52" "退院実施",
    Adt61 "ADT-61" "アレルギー情報",
    Ppr01 "PPR-01" "病名(歴)情報",
    Omd "OMD" "食事オーダ",
    Omp01 "OMP-01" "処方オーダ",
    Omp11 "OMP-11" "処方実施通知",
    Omp02 "OMP-02" "注射オーダ",
    Omp12 "OMP-12" "注射実施通知",
    Oml01 "OML-01" "検体検査オーダ",
    Oml11 "OML-11" "検体検査結果通知",
    Omg01 "OMG-01" "放射線検査オーダ",
    Omg11 "OMG-11" "放射線検査の実施通知",
    Omg02 "OMG-02" "内視鏡検査オーダ",
    Omg12 "OMG-12" "内視鏡検査の実施通知",
    Omg03 "OMG-03" "生理検査オーダ",
    Omg13 "OMG-13" "生理検査結果通知",
}

impl DataKind {
    /// True if its files lie under `-` instead of a day.
    pub const fn is_undated(self) -> bool {
        matches!(self, Self::Adt00 | Self::Adt01 | Self::Adt61 | Self::Ppr01)
    }

    /// The outputs stored under it.
    pub fn outputs(self) -> impl Iterator<Item = &'static Output> {
        OUTPUTS.iter().filter(move |output| output.kind == self)
    }

    /// The output with this MSH-9.1 and MSH-9.2, if this kind has one.
    pub fn output(self, message: &str, trigger: &str) -> Option<&'static Output> {
        self.outputs()
            .find(|output| output.message == message && output.trigger == trigger)
    }
}

const fn output(
    kind: DataKind,
    name: [&'static str; 3],
    phase: Phase,
    cancels: bool,
    title: &'static str,
) -> Output {
    let [message, trigger, structure] = name;
    Output {
        kind,
        message,
        trigger,
        structure,
        phase,
        cancels,
        title,
    }
}

use DataKind::{
    Adt00, Adt01, Adt12, Adt21, Adt22, Adt31, Adt32, Adt41, Adt42, Adt51, Adt52, Adt61, Omd, Omg01,
    Omg02, Omg03, Omg11, Omg12, Omg13, Oml01, Oml11, Omp01, Omp02, Omp11, Omp12, Ppr01,
};
use Phase::{Event, Order, Plan, Result, State};

/// The 36 outputs.
pub const OUTPUTS: [Output; 36] = [
    output(
        Adt00,
        ["ADT", "A08", "ADT_A01"],
        State,
        false,
        "患者基本情報の更新",
    ),
    output(
        Adt00,
        ["ADT", "A23", "ADT_A21"],
        State,
        true,
        "患者基本情報の削除",
    ),
    output(
        Adt01,
        ["ADT", "A54", "ADT_A54"],
        State,
        false,
        "担当医の変更",
    ),
    output(
        Adt01,
        ["ADT", "A55", "ADT_A52"],
        State,
        true,
        "担当医の取消",
    ),
    output(
        Adt12,
        ["ADT", "A04", "ADT_A01"],
        Event,
        false,
        "外来診察の受付",
    ),
    output(Adt21, ["ADT", "A14", "ADT_A05"], Plan, false, "入院予定"),
    output(
        Adt21,
        ["ADT", "A27", "ADT_A21"],
        Plan,
        true,
        "入院予定の取消",
    ),
    output(Adt22, ["ADT", "A01", "ADT_A01"], Event, false, "入院実施"),
    output(
        Adt22,
        ["ADT", "A11", "ADT_A09"],
        Event,
        true,
        "入院実施の取消",
    ),
    output(Adt31, ["ADT", "A21", "ADT_A21"], Event, false, "外出泊実施"),
    output(
        Adt31,
        ["ADT", "A52", "ADT_A52"],
        Event,
        true,
        "外出泊実施の取消",
    ),
    output(
        Adt32,
        ["ADT", "A22", "ADT_A21"],
        Event,
        false,
        "外出泊帰院実施",
    ),
    output(
        Adt32,
        ["ADT", "A53", "ADT_A52"],
        Event,
        true,
        "外出泊帰院実施の取消",
    ),
    output(
        Adt41,
        ["ADT", "A15", "ADT_A15"],
        Plan,
        false,
        "転科・転棟(転室・転床)予定",
    ),
    output(
        Adt41,
        ["ADT", "A26", "ADT_A21"],
        Plan,
        true,
        "転科・転棟(転室・転床)予定の取消",
    ),
    output(
        Adt42,
        ["ADT", "A02", "ADT_A02"],
        Event,
        false,
        "転科・転棟(転室・転床)実施",
    ),
    output(
        Adt42,
        ["ADT", "A12", "ADT_A09"],
        Event,
        true,
        "転科・転棟(転室・転床)実施の取消",
    ),
    output(Adt51, ["ADT", "A16", "ADT_A16"], Plan, false, "退院予定"),
    output(
        Adt51,
        ["ADT", "A25", "ADT_A21"],
        Plan,
        true,
        "退院予定の取消",
    ),
    output(Adt52, ["ADT", "A03", "ADT_A03"], Event, false, "退院実施"),
    output(
        Adt52,
        ["ADT", "A13", "ADT_A01"],
        Event,
        true,
        "退院実施の取消",
    ),
    output(
        Adt61,
        ["ADT", "A60", "ADT_A60"],
        State,
        false,
        "アレルギー情報の登録/更新",
    ),
    output(
        Ppr01,
        ["PPR", "ZD1", "PPR_ZD1"],
        State,
        false,
        "病名(歴)情報の登録/更新",
    ),
    output(Omd, ["OMD", "O03", "OMD_O03"], Order, false, "食事オーダ"),
    output(Omp01, ["RDE", "O11", "RDE_O11"], Order, false, "処方オーダ"),
    output(
        Omp11,
        ["RAS", "O17", "RAS_O17"],
        Result,
        false,
        "処方実施通知",
    ),
    output(Omp02, ["RDE", "O11", "RDE_O11"], Order, false, "注射オーダ"),
    output(
        Omp12,
        ["RAS", "O17", "RAS_O17"],
        Result,
        false,
        "注射実施通知",
    ),
    output(
        Oml01,
        ["OML", "O33", "OML_O33"],
        Order,
        false,
        "検体検査オーダ",
    ),
    output(
        Oml11,
        ["OUL", "R22", "OUL_R22"],
        Result,
        false,
        "検体検査結果通知",
    ),
    output(
        Omg01,
        ["OMG", "O19", "OMG_O19"],
        Order,
        false,
        "放射線検査オーダ",
    ),
    output(
        Omg11,
        ["OMI", "Z23", "OMI_Z23"],
        Result,
        false,
        "放射線検査の実施通知",
    ),
    output(
        Omg02,
        ["OMG", "O19", "OMG_O19"],
        Order,
        false,
        "内視鏡検査オーダ",
    ),
    output(
        Omg12,
        ["OMI", "Z23", "OMI_Z23"],
        Result,
        false,
        "内視鏡検査の実施通知",
    ),
    output(
        Omg03,
        ["OMG", "O19", "OMG_O19"],
        Order,
        false,
        "生理検査オーダ",
    ),
    output(
        Omg13,
        ["ORU", "R01", "ORU_R01"],
        Result,
        false,
        "生理検査結果通知",
    ),
];
