//! Diseases and the conditions that people live with.

use super::drugs::{self as d, Drug};

/// A disease name with its ICD-10 code (without the point, as PRB-10 has it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disease {
    /// Name.
    pub name: &'static str,
    /// ICD-10, without point.
    pub icd10: &'static str,
    /// Number in each facility's own list.
    pub local: u32,
}

/// A disease.
#[must_use]
pub const fn disease(local: u32, name: &'static str, icd10: &'static str) -> Disease {
    Disease { name, icd10, local }
}

/// A chronic condition: whom it befalls, how it is treated step by step, what it does to labs.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// Its disease.
    pub disease: Disease,
    /// 診療科コード of those who treat it.
    pub department: &'static str,
    /// Ages at which people have it.
    pub ages: (i64, i64),
    /// How many of that age have it.
    pub share: f64,
    /// Treatment steps; each takes the place of the one before.
    pub steps: &'static [&'static [Drug]],
    /// (analyte, factor at onset, change of that factor per year).
    pub labs: &'static [(&'static str, f64, f64)],
    /// What the doctor writes about it.
    pub remarks: &'static [&'static str],
}

/// Chronic conditions.
pub const CONDITIONS: &[Condition] = &[
    Condition {
        disease: disease(1, "本態性高血圧症", "I10"),
        department: "08",
        ages: (42, 99),
        share: 0.46,
        steps: &[
            &[d::AMLODIPINE_2],
            &[d::AMLODIPINE_5],
            &[d::AMLODIPINE_5, d::OLMESARTAN],
        ],
        labs: &[],
        remarks: &[
            "家庭血圧は朝１３０台で安定。",
            "夏場でやや低め、ふらつきなし。",
            "塩分を控えるよう再度説明した。",
        ],
    },
    Condition {
        disease: disease(2, "２型糖尿病", "E119"),
        department: "01",
        ages: (40, 95),
        share: 0.24,
        steps: &[
            &[d::METFORMIN],
            &[d::METFORMIN_HIGH, d::SITAGLIPTIN],
            &[d::METFORMIN_HIGH, d::EMPAGLIFLOZIN],
        ],
        labs: &[
            ("HbA1c", 1.38, -0.03),
            ("GLU", 1.55, -0.04),
            ("U-GLU", 1.0, 0.0),
        ],
        remarks: &[
            "ＨｂＡ１ｃは目標に近い。食事の内容を確認した。",
            "間食が増えている。栄養指導を予約。",
            "低血糖の自覚なし。眼科受診を勧めた。",
        ],
    },
    Condition {
        disease: disease(3, "脂質異常症", "E785"),
        department: "01",
        ages: (38, 95),
        share: 0.3,
        steps: &[&[d::ROSUVASTATIN]],
        labs: &[("LDL", 1.35, -0.05), ("TG", 1.4, 0.0)],
        remarks: &["ＬＤＬは目標内。筋肉痛なし。", "服薬は続けられている。"],
    },
    Condition {
        disease: disease(4, "慢性腎臓病", "N189"),
        department: "31",
        ages: (60, 99),
        share: 0.14,
        steps: &[&[d::OLMESARTAN]],
        labs: &[
            ("CRE", 1.7, 0.14),
            ("BUN", 1.5, 0.1),
            ("UA", 1.2, 0.0),
            ("K", 1.08, 0.01),
            ("HGB", 0.86, -0.01),
        ],
        remarks: &[
            "腎機能は緩やかに低下。たんぱく制限を続ける。",
            "脱水に注意するよう話した。",
        ],
    },
    Condition {
        disease: disease(5, "慢性心不全", "I500"),
        department: "08",
        ages: (65, 99),
        share: 0.11,
        steps: &[
            &[d::FUROSEMIDE, d::CARVEDILOL],
            &[d::FUROSEMIDE_HIGH, d::CARVEDILOL, d::SPIRONOLACTONE],
        ],
        labs: &[("BNP", 9.0, 0.8), ("CRE", 1.2, 0.03)],
        remarks: &[
            "下腿浮腫は軽度。体重は毎朝測っている。",
            "労作時の息切れは変わらない。",
        ],
    },
    Condition {
        disease: disease(6, "心房細動", "I489"),
        department: "08",
        ages: (62, 99),
        share: 0.1,
        steps: &[&[d::EDOXABAN]],
        labs: &[("BNP", 2.5, 0.1)],
        remarks: &["動悸なし。出血傾向なし。抗凝固薬を続ける。"],
    },
    Condition {
        disease: disease(7, "慢性閉塞性肺疾患", "J449"),
        department: "05",
        ages: (58, 95),
        share: 0.08,
        steps: &[
            &[d::TIOTROPIUM, d::CARBOCISTEINE],
            &[d::TIOTROPIUM, d::BUDESONIDE, d::CARBOCISTEINE],
        ],
        labs: &[("HGB", 1.05, 0.0)],
        remarks: &[
            "喫煙はやめている。吸入手技を確認した。",
            "冬に痰が増えた。増悪時の受診目安を説明。",
        ],
    },
    Condition {
        disease: disease(8, "気管支喘息", "J459"),
        department: "09",
        ages: (3, 16),
        share: 0.3,
        steps: &[&[d::MONTELUKAST]],
        labs: &[("EOS", 3.0, 0.0)],
        remarks: &[
            "発作なし。学校は休まず通えている。",
            "季節の変わり目に夜間の咳。",
        ],
    },
    Condition {
        disease: disease(9, "骨粗鬆症", "M8199"),
        department: "11",
        ages: (66, 99),
        share: 0.2,
        steps: &[&[d::ELDECALCITOL], &[d::ALENDRONATE, d::ELDECALCITOL]],
        labs: &[],
        remarks: &["転倒なし。骨密度は次回測定。"],
    },
    Condition {
        disease: disease(10, "逆流性食道炎", "K210"),
        department: "06",
        ages: (35, 95),
        share: 0.16,
        steps: &[&[d::LANSOPRAZOLE]],
        labs: &[],
        remarks: &["胸やけは落ち着いている。"],
    },
    Condition {
        disease: disease(11, "高尿酸血症", "E790"),
        department: "01",
        ages: (35, 85),
        share: 0.1,
        steps: &[&[d::FEBUXOSTAT]],
        labs: &[("UA", 1.25, -0.05)],
        remarks: &["痛風発作なし。水分をとるよう話した。"],
    },
    Condition {
        disease: disease(12, "甲状腺機能低下症", "E039"),
        department: "01",
        ages: (35, 90),
        share: 0.05,
        steps: &[&[d::LEVOTHYROXINE]],
        labs: &[("TSH", 2.2, -0.2)],
        remarks: &["倦怠感は改善。ＴＳＨを見て量を決める。"],
    },
    Condition {
        disease: disease(13, "不眠症", "G470"),
        department: "01",
        ages: (45, 95),
        share: 0.16,
        steps: &[&[d::ZOLPIDEM]],
        labs: &[],
        remarks: &["眠れている。減量を提案した。"],
    },
    Condition {
        disease: disease(14, "アルツハイマー型認知症", "G309"),
        department: "04",
        ages: (74, 99),
        share: 0.14,
        steps: &[&[d::DONEPEZIL]],
        labs: &[],
        remarks: &["家族より、服薬の見守りが必要とのこと。介護サービスを調整中。"],
    },
    Condition {
        disease: disease(15, "鉄欠乏性貧血", "D509"),
        department: "01",
        ages: (18, 55),
        share: 0.08,
        steps: &[&[d::IRON]],
        labs: &[("HGB", 0.78, 0.05), ("FE", 0.35, 0.1)],
        remarks: &["だるさは改善。内服を続ける。"],
    },
    Condition {
        disease: disease(16, "便秘症", "K590"),
        department: "01",
        ages: (60, 99),
        share: 0.2,
        steps: &[&[d::MAGNESIUM]],
        labs: &[],
        remarks: &["排便は２日に１回。"],
    },
];

/// What brings people to hospital.
pub const PNEUMONIA: Disease = disease(51, "細菌性肺炎", "J159");
/// Fractured neck of femur.
pub const FRACTURE: Disease = disease(52, "大腿骨頚部骨折", "S7200");
/// Decompensated heart failure.
pub const FAILURE: Disease = disease(53, "うっ血性心不全急性増悪", "I500");
/// Cancer of the sigmoid colon.
pub const COLON: Disease = disease(54, "Ｓ状結腸癌", "C187");
/// Breast cancer.
pub const BREAST: Disease = disease(55, "乳癌", "C509");
/// Cataract.
pub const CATARACT: Disease = disease(56, "白内障", "H269");
/// Acute upper respiratory infection.
pub const COLD: Disease = disease(57, "急性上気道炎", "J069");
/// Gastritis: the one whose MEDIS number is certain.
pub const GASTRITIS: Disease = disease(58, "胃炎", "K297");
/// MEDIS management number of [`GASTRITIS`].
pub const GASTRITIS_MDCDX2: &str = "20054174";
