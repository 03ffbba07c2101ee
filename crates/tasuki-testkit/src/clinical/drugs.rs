//! Drugs and how they are taken.

/// When an oral drug is taken: (JAMI usage code if certain, local code, text, times a day).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// 16-digit JAMI code, empty when not certain.
    pub code: &'static str,
    /// Local code, used when there is none.
    pub local: &'static str,
    /// As printed.
    pub text: &'static str,
    /// Times a day.
    pub times: u32,
}

const fn usage(code: &'static str, local: &'static str, text: &'static str, times: u32) -> Usage {
    Usage {
        code,
        local,
        text,
        times,
    }
}

/// After breakfast.
pub const MORNING: Usage = usage("1011000400000000", "U01", "内服・経口・１日１回朝食後", 1);
/// After breakfast and dinner.
pub const TWICE: Usage = usage("1012040400000000", "U02", "内服・経口・１日２回朝夕食後", 2);
/// After each meal.
pub const THRICE: Usage = usage(
    "1013044400000000",
    "U03",
    "内服・経口・１日３回朝昼夕食後",
    3,
);
/// At bedtime.
pub const BEDTIME: Usage = usage("", "U04", "内服・経口・１日１回就寝前", 1);
/// When needed.
pub const NEEDED: Usage = usage("", "U09", "内服・経口・疼痛時", 1);
/// Inhaled.
pub const INHALED: Usage = usage("", "U21", "外用・吸入・１日２回朝夕", 2);

/// A drug as it is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drug {
    /// Product or generic name with strength, in full width as in most files.
    pub name: &'static str,
    /// HOT9 where certain.
    pub hot9: &'static str,
    /// Number within each facility's own code list.
    pub local: u32,
    /// Unit: (code, text) of MR9P.
    pub unit: (&'static str, &'static str),
    /// Usual usage.
    pub usage: Usage,
    /// Units per time.
    pub dose: &'static str,
}

const TABLET: (&str, &str) = ("TAB", "錠");
const CAPSULE: (&str, &str) = ("CAP", "カプセル");
const PACK: (&str, &str) = ("PCK", "包");
const AMPOULE: (&str, &str) = ("AMP", "アンプル");
const VIAL: (&str, &str) = ("VIL", "バイアル");
const BOTTLE: (&str, &str) = ("HON", "本");

const fn drug(
    local: u32,
    name: &'static str,
    unit: (&'static str, &'static str),
    usage: Usage,
    dose: &'static str,
) -> Drug {
    Drug {
        name,
        hot9: "",
        local,
        unit,
        usage,
        dose,
    }
}

const fn hot(drug: Drug, hot9: &'static str) -> Drug {
    Drug { hot9, ..drug }
}

macro_rules! drugs {
    ($($key:ident = $drug:expr),+ $(,)?) => {
        $(#[doc = concat!("`", stringify!($key), "`.")] pub const $key: Drug = $drug;)+
    };
}

drugs! {
    AMLODIPINE_2 = hot(drug(101, "アムロジピン錠２．５ｍｇ「ＴＣＫ」", TABLET, MORNING, "1"), "118301602"),
    AMLODIPINE_5 = drug(102, "アムロジピンＯＤ錠５ｍｇ", TABLET, MORNING, "1"),
    OLMESARTAN = drug(103, "オルメサルタンＯＤ錠２０ｍｇ", TABLET, MORNING, "1"),
    METFORMIN = hot(drug(104, "メトホルミン塩酸塩錠２５０ｍｇ「ＳＮ」", TABLET, TWICE, "1"), "116760301"),
    METFORMIN_HIGH = hot(drug(104, "メトホルミン塩酸塩錠２５０ｍｇ「ＳＮ」", TABLET, TWICE, "2"), "116760301"),
    SITAGLIPTIN = drug(105, "シタグリプチン錠５０ｍｇ", TABLET, MORNING, "1"),
    EMPAGLIFLOZIN = drug(106, "エンパグリフロジン錠１０ｍｇ", TABLET, MORNING, "1"),
    ROSUVASTATIN = drug(107, "ロスバスタチン錠２．５ｍｇ", TABLET, MORNING, "1"),
    FUROSEMIDE = drug(108, "フロセミド錠２０ｍｇ", TABLET, MORNING, "1"),
    FUROSEMIDE_HIGH = drug(109, "フロセミド錠４０ｍｇ", TABLET, MORNING, "1"),
    SPIRONOLACTONE = drug(110, "スピロノラクトン錠２５ｍｇ", TABLET, MORNING, "1"),
    CARVEDILOL = drug(111, "カルベジロール錠２．５ｍｇ", TABLET, TWICE, "1"),
    EDOXABAN = drug(112, "エドキサバン錠３０ｍｇ", TABLET, MORNING, "1"),
    LANSOPRAZOLE = drug(113, "ランソプラゾールＯＤ錠１５ｍｇ", TABLET, MORNING, "1"),
    REBAMIPIDE = drug(114, "レバミピド錠１００ｍｇ", TABLET, THRICE, "1"),
    CARBOCISTEINE = hot(drug(115, "カルボシステイン錠２５０ｍｇ", TABLET, THRICE, "2"), "103831601"),
    PREDNISOLONE = hot(drug(116, "プレドニン錠５ｍｇ", TABLET, MORNING, "2"), "105271807"),
    TIOTROPIUM = drug(117, "チオトロピウム吸入用カプセル１８μｇ", CAPSULE, INHALED, "1"),
    BUDESONIDE = drug(118, "ブデソニド・ホルモテロール吸入剤", BOTTLE, INHALED, "1"),
    MONTELUKAST = drug(119, "モンテルカスト細粒４ｍｇ", PACK, BEDTIME, "1"),
    LEVOTHYROXINE = drug(120, "レボチロキシンＮａ錠５０μｇ", TABLET, MORNING, "1"),
    ALENDRONATE = drug(121, "アレンドロン酸錠３５ｍｇ（週１回）", TABLET, MORNING, "1"),
    ELDECALCITOL = drug(122, "エルデカルシトールカプセル０．７５μｇ", CAPSULE, MORNING, "1"),
    FEBUXOSTAT = drug(123, "フェブキソスタット錠２０ｍｇ", TABLET, MORNING, "1"),
    ACETAMINOPHEN = drug(124, "アセトアミノフェン錠５００ｍｇ", TABLET, NEEDED, "1"),
    LOXOPROFEN = drug(125, "ロキソプロフェンＮａ錠６０ｍｇ", TABLET, THRICE, "1"),
    ZOLPIDEM = drug(126, "ゾルピデム錠５ｍｇ", TABLET, BEDTIME, "1"),
    DONEPEZIL = drug(127, "ドネペジルＯＤ錠５ｍｇ", TABLET, MORNING, "1"),
    MAGNESIUM = drug(128, "酸化マグネシウム錠３３０ｍｇ", TABLET, THRICE, "1"),
    LEVOFLOXACIN = drug(129, "レボフロキサシン錠５００ｍｇ", TABLET, MORNING, "1"),
    AMOXICILLIN = drug(130, "アモキシシリンカプセル２５０ｍｇ", CAPSULE, THRICE, "1"),
    IRON = drug(131, "クエン酸第一鉄Ｎａ錠５０ｍｇ", TABLET, TWICE, "1"),
    CAPECITABINE = drug(132, "カペシタビン錠３００ｍｇ", TABLET, TWICE, "5"),
    TAMOXIFEN = drug(133, "タモキシフェン錠２０ｍｇ", TABLET, MORNING, "1"),
    MAINTENANCE = drug(201, "ソリタ−Ｔ３号輸液５００ｍＬ", BOTTLE, MORNING, "1"),
    SALINE = drug(202, "生理食塩液１００ｍＬ", BOTTLE, MORNING, "1"),
    CEFTRIAXONE = drug(203, "セフトリアキソンＮａ静注用１ｇ", VIAL, MORNING, "2"),
    CEFAZOLIN = drug(204, "セファゾリンＮａ注射用１ｇ", VIAL, MORNING, "1"),
    FUROSEMIDE_IV = drug(205, "フロセミド注２０ｍｇ", AMPOULE, MORNING, "1"),
    OXALIPLATIN = drug(206, "オキサリプラチン点滴静注液１００ｍｇ", VIAL, MORNING, "1"),
    DEXAMETHASONE = drug(207, "デキサメタゾン注射液６．６ｍｇ", VIAL, MORNING, "1"),
    GRANISETRON = drug(208, "グラニセトロン点滴静注バッグ３ｍｇ", BOTTLE, MORNING, "1"),
    VITAMIN = drug(209, "アドナ注（静脈用）５０ｍｇ", AMPOULE, MORNING, "1"),
}
