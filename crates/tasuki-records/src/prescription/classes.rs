//! The tables of [`Class`]: the beginnings of YJ codes, and how ingredients of a class are called.

use super::class::Class;

/// The beginnings of YJ codes, the longer ones first.
pub(super) const BY_CODE: &[(&str, Class)] = &[
    ("3112", Class::Bone),
    ("3999", Class::Bone),
    ("2492", Class::Diabetes),
    ("214", Class::BloodPressure),
    ("217", Class::BloodPressure),
    ("213", Class::Diuretic),
    ("333", Class::Antithrombotic),
    ("339", Class::Antithrombotic),
    ("396", Class::Diabetes),
    ("218", Class::Lipid),
    ("114", Class::Analgesic),
    ("245", Class::Steroid),
    ("112", Class::Nervous),
    ("117", Class::Nervous),
    ("119", Class::Nervous),
    ("23", Class::Digestive),
    ("61", Class::Antibacterial),
    ("62", Class::Antibacterial),
    ("22", Class::Respiratory),
    ("42", Class::Antineoplastic),
];

/// How ingredients of a class are called: whole names, and the endings by which the WHO names them.
pub(super) const BY_NAME: &[(Class, &[&str], &[&str])] = &[
    (
        Class::BloodPressure,
        &["カルベジロール", "ビソプロロール"],
        &["ジピン", "サルタン", "プリル"],
    ),
    (
        Class::Diuretic,
        &[
            "フロセミド",
            "スピロノラクトン",
            "アゾセミド",
            "トルバプタン",
            "エプレレノン",
        ],
        &["チアジド"],
    ),
    (
        Class::Antithrombotic,
        &[
            "ワルファリン",
            "ダビガトラン",
            "アスピリン",
            "クロピドグレル",
        ],
        &["キサバン", "グレル"],
    ),
    (
        Class::Diabetes,
        &["メトホルミン", "グリメピリド", "インスリン"],
        &["グリプチン", "グリフロジン", "グルチド"],
    ),
    (Class::Lipid, &["エゼチミブ"], &["スタチン", "フィブラート"]),
    (
        Class::Digestive,
        &[
            "レバミピド",
            "酸化マグネシウム",
            "ファモチジン",
            "ボノプラザン",
        ],
        &["プラゾール"],
    ),
    (
        Class::Analgesic,
        &["アセトアミノフェン", "ロキソプロフェン", "セレコキシブ"],
        &["プロフェン"],
    ),
    (
        Class::Antibacterial,
        &["アモキシシリン", "セフトリアキソン", "セファゾリン"],
        &["フロキサシン", "マイシン", "シリン"],
    ),
    (
        Class::Steroid,
        &["プレドニゾロン", "プレドニン", "デキサメタゾン"],
        &[],
    ),
    (
        Class::Bone,
        &[
            "エルデカルシトール",
            "アルファカルシドール",
            "ラロキシフェン",
        ],
        &["ドロン酸"],
    ),
    (
        Class::Respiratory,
        &["カルボシステイン", "モンテルカスト", "チオトロピウム"],
        &["テロール"],
    ),
    (
        Class::Nervous,
        &["ゾルピデム", "ドネペジル", "メマンチン"],
        &["ゼパム", "レキサント"],
    ),
    (
        Class::Antineoplastic,
        &["カペシタビン", "タモキシフェン"],
        &["プラチン", "チニブ"],
    ),
];
