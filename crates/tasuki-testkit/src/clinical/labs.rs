//! Analytes, their usual values and ranges.

/// An analyte.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Analyte {
    /// Short key, used in stories.
    pub key: &'static str,
    /// JLAC10, 17 digits; empty when not certain.
    pub jlac10: &'static str,
    /// Name.
    pub name: &'static str,
    /// Number in each facility's own list.
    pub local: u32,
    /// Name on local screens.
    pub local_name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Reference range.
    pub range: (f64, f64),
    /// Decimal places.
    pub decimals: usize,
}

/// A set of analytes that is ordered together: (JLAC10 material, its name, order code, title, analytes)
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    /// JLAC10 material code.
    pub material: &'static str,
    /// Its name.
    pub material_name: &'static str,
    /// Local order code.
    pub code: &'static str,
    /// Local order name.
    pub title: &'static str,
    /// What is measured.
    pub analytes: &'static [Analyte],
}

type Range = (f64, f64);

const fn numeric(
    local: u32,
    key: &'static str,
    jlac10: &'static str,
    names: (&'static str, &'static str),
    unit: &'static str,
    range: Range,
    decimals: usize,
) -> Analyte {
    Analyte {
        key,
        jlac10,
        name: names.0,
        local,
        local_name: names.1,
        unit,
        range,
        decimals,
    }
}

/// Chemistry.
pub const CHEMISTRY: Panel = Panel {
    material: "023",
    material_name: "血清",
    code: "E002",
    title: "生化学的検査",
    analytes: &[
        numeric(
            10222,
            "TP",
            "3A010000002327101",
            ("総蛋白", "ＴＰ"),
            "g/dL",
            (6.6, 8.1),
            1,
        ),
        numeric(
            10223,
            "ALB",
            "3A015000002327101",
            ("アルブミン", "ＡＬＢ"),
            "g/dL",
            (4.1, 5.1),
            1,
        ),
        numeric(
            10213,
            "TBIL",
            "3J010000002327101",
            ("総ビリルビン", "Ｔ−Ｂｉｌ"),
            "mg/dL",
            (0.4, 1.5),
            1,
        ),
        numeric(
            10207,
            "AST",
            "3B035000002327201",
            ("ＡＳＴ", "ＡＳＴ"),
            "U/L",
            (13.0, 30.0),
            0,
        ),
        numeric(
            10208,
            "ALT",
            "3B045000002327201",
            ("ＡＬＴ", "ＡＬＴ"),
            "U/L",
            (7.0, 30.0),
            0,
        ),
        numeric(
            10206,
            "LD",
            "3B050000002327201",
            ("ＬＤ", "ＬＤＨ"),
            "U/L",
            (124.0, 222.0),
            0,
        ),
        numeric(
            10211,
            "GGT",
            "3B090000002327701",
            ("γ−ＧＴ", "γＧＴＰ"),
            "U/L",
            (13.0, 64.0),
            0,
        ),
        numeric(
            10231,
            "BUN",
            "3C025000002329101",
            ("尿素窒素", "ＢＵＮ"),
            "mg/dL",
            (8.0, 20.0),
            1,
        ),
        numeric(
            10232,
            "CRE",
            "3C015000002329101",
            ("クレアチニン", "ＣＲＥ"),
            "mg/dL",
            (0.46, 1.07),
            2,
        ),
        numeric(
            10233,
            "UA",
            "3C020000002329101",
            ("尿酸", "ＵＡ"),
            "mg/dL",
            (2.6, 7.8),
            1,
        ),
        numeric(
            10241,
            "NA",
            "3H010000002327101",
            ("ナトリウム", "Ｎａ"),
            "mmol/L",
            (138.0, 145.0),
            0,
        ),
        numeric(
            10242,
            "K",
            "3H015000002327201",
            ("カリウム", "Ｋ"),
            "mmol/L",
            (3.6, 4.8),
            1,
        ),
        numeric(
            10243,
            "CL",
            "3H020000002326101",
            ("クロール", "Ｃｌ"),
            "mmol/L",
            (101.0, 108.0),
            0,
        ),
        numeric(
            10251,
            "CRP",
            "5C070000002306201",
            ("ＣＲＰ", "ＣＲＰ"),
            "mg/dL",
            (0.0, 0.14),
            2,
        ),
    ],
};

/// Sugar and lipids.
pub const METABOLIC: Panel = Panel {
    material: "019",
    material_name: "全血",
    code: "E007",
    title: "糖・脂質",
    analytes: &[
        numeric(
            10301,
            "HbA1c",
            "3D046000001906202",
            ("ＨｂＡ１ｃ（ＮＧＳＰ）", "ＨｂＡ１ｃ"),
            "%",
            (4.9, 6.0),
            1,
        ),
        numeric(
            10302,
            "GLU",
            "3D010000002327101",
            ("グルコース", "血糖"),
            "mg/dL",
            (73.0, 109.0),
            0,
        ),
        numeric(
            10311,
            "LDL",
            "3F077000002327101",
            ("ＬＤＬコレステロール", "ＬＤＬ−Ｃ"),
            "mg/dL",
            (65.0, 163.0),
            0,
        ),
        numeric(
            10312,
            "HDL",
            "3F070000002327101",
            ("ＨＤＬコレステロール", "ＨＤＬ−Ｃ"),
            "mg/dL",
            (38.0, 103.0),
            0,
        ),
        numeric(
            10313,
            "TG",
            "3F015000002327101",
            ("中性脂肪", "ＴＧ"),
            "mg/dL",
            (30.0, 149.0),
            0,
        ),
    ],
};

/// Blood count.
pub const COUNT: Panel = Panel {
    material: "019",
    material_name: "全血",
    code: "E001",
    title: "末梢血液一般",
    analytes: &[
        numeric(
            10101,
            "WBC",
            "2A990000001930952",
            ("白血球数", "ＷＢＣ"),
            "10*3/uL",
            (3.3, 8.6),
            1,
        ),
        numeric(
            10102,
            "RBC",
            "2A990000001930951",
            ("赤血球数", "ＲＢＣ"),
            "10*6/uL",
            (3.86, 5.55),
            2,
        ),
        numeric(
            10103,
            "HGB",
            "2A030000001930901",
            ("血色素量", "Ｈｂ"),
            "g/dL",
            (11.6, 16.8),
            1,
        ),
        numeric(
            10105,
            "PLT",
            "2A050000001930901",
            ("血小板数", "ＰＬＴ"),
            "10*3/uL",
            (158.0, 348.0),
            0,
        ),
        numeric(
            10111,
            "EOS",
            "",
            ("好酸球", "Ｅｏｓｉｎｏ"),
            "%",
            (0.0, 6.0),
            1,
        ),
    ],
};

/// Markers of heart, thyroid and iron; the local ones without a public code.
pub const SPECIAL: Panel = Panel {
    material: "022",
    material_name: "血漿",
    code: "E011",
    title: "心臓・内分泌",
    analytes: &[
        numeric(
            10401,
            "BNP",
            "4Z271000002205101",
            ("ＢＮＰ", "ＢＮＰ"),
            "pg/mL",
            (0.0, 18.4),
            1,
        ),
        numeric(
            10411,
            "TSH",
            "",
            ("ＴＳＨ", "ＴＳＨ"),
            "uIU/mL",
            (0.5, 5.0),
            2,
        ),
        numeric(
            10421,
            "FE",
            "",
            ("血清鉄", "Ｆｅ"),
            "ug/dL",
            (40.0, 188.0),
            0,
        ),
    ],
};

/// Coagulation.
pub const CLOTTING: Panel = Panel {
    material: "022",
    material_name: "血漿",
    code: "E003",
    title: "凝固",
    analytes: &[
        numeric(
            10501,
            "PTINR",
            "2B030000002231157",
            ("ＰＴ−ＩＮＲ", "ＰＴ−ＩＮＲ"),
            "",
            (0.9, 1.1),
            2,
        ),
        numeric(
            10502,
            "APTT",
            "2B020000002231101",
            ("ＡＰＴＴ", "ＡＰＴＴ"),
            "s",
            (24.0, 34.0),
            1,
        ),
    ],
};

/// Urine: qualitative results, which are text.
pub const URINE: Panel = Panel {
    material: "001",
    material_name: "尿",
    code: "E021",
    title: "尿一般",
    analytes: &[
        numeric(
            10601,
            "U-TP",
            "1A990000000191153",
            ("尿蛋白定性", "尿蛋白"),
            "",
            (0.0, 0.0),
            0,
        ),
        numeric(
            10602,
            "U-GLU",
            "1A990000000191154",
            ("尿糖定性", "尿糖"),
            "",
            (0.0, 0.0),
            0,
        ),
        numeric(
            10603,
            "U-BLD",
            "1A990000000191159",
            ("尿潜血", "尿潜血"),
            "",
            (0.0, 0.0),
            0,
        ),
    ],
};
