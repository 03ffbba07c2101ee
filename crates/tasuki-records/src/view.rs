//! What a clinical value looks like, without words and without markup.
//!
//! A kind turns its value into a [`Summary`] (one line of a day drawer) and a [`Sheet`] (its plain
//! detail page). Labels are an enum, so that the catalogue of each language has to have a word for
//! every one of them; texts are what the source sent. Whoever renders a sheet escapes its texts.

use tasuki_model::JstTime;

/// How a result stands to its range: letter and shape on screen, never colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flag {
    /// H▲
    High,
    /// L▼
    Low,
    /// !! critical, on either side.
    Critical,
    /// A: abnormal, without a direction.
    Abnormal,
}

/// A named part of a line or sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// 氏名
    Name,
    /// カナ
    Kana,
    /// 性別
    Sex,
    /// 生年月日
    Birth,
    /// 住所
    Address,
    /// 電話
    Phone,
    /// 保険
    Insurance,
    /// 家族
    Family,
    /// 担当医
    Physician,
    /// 診療科
    Department,
    /// 病棟
    Ward,
    /// 病室
    Room,
    /// 病床
    Bed,
    /// 入院
    Admitted,
    /// 退院
    Discharged,
    /// 転帰
    Outcome,
    /// 移動元
    From,
    /// 移動先
    To,
    /// 開始
    Start,
    /// 終了
    End,
    /// 予定
    Planned,
    /// 区分
    Type,
    /// 医薬品
    Drug,
    /// 用量
    Dose,
    /// 1日量
    DailyDose,
    /// 総量
    Total,
    /// 用法
    Usage,
    /// 日数・回数
    Duration,
    /// 投与経路
    Route,
    /// 器具
    Device,
    /// 速度
    Rate,
    /// 処方区分
    Setting,
    /// 実施者
    GivenBy,
    /// 指示
    Instruction,
    /// コメント
    Comment,
    /// 検査項目
    Item,
    /// 結果
    Result,
    /// 単位
    Unit,
    /// 基準値
    Range,
    /// 判定
    Judgement,
    /// 状態
    Status,
    /// 材料
    Specimen,
    /// 採取日時
    Collected,
    /// 報告日時
    Reported,
    /// 依頼者
    OrderedBy,
    /// オーダ番号
    OrderNumber,
    /// 手技・部位
    Procedure,
    /// 所見
    Findings,
    /// 病名
    Disease,
    /// 修飾語
    Modifier,
    /// 主診断
    MainDiagnosis,
    /// 疑い
    Suspected,
    /// 診断日
    Diagnosed,
    /// 転帰日
    OutcomeDay,
    /// アレルゲン
    Allergen,
    /// 重症度
    Severity,
    /// 症状
    Reaction,
    /// 発症日
    Onset,
    /// 身長
    Height,
    /// 体重
    Weight,
    /// 血液型
    BloodType,
    /// 食種
    Diet,
    /// 表題
    Title,
    /// 作成者
    Author,
    /// 作成日時
    Written,
    /// 組織
    Organisation,
    /// コード
    Code,
}

/// One text of a line or cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As sent.
    Text(String),
    /// A number of facts: drugs, values, images.
    Count(u32),
    /// So many days' supply.
    Days(u32),
    /// A result with its flag: name, value, flag.
    Flagged(String, String, Option<Flag>),
    /// A time.
    Time(JstTime),
    /// 疑い.
    Suspected,
    /// Cancelled by the source.
    Cancelled,
}

/// One line: the most telling parts first. A renderer may cut the tail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// The parts in order.
    pub parts: Vec<Part>,
}

/// A length of time or a number of times. Each language says it in its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Span {
    /// Minutes.
    Minutes(u32),
    /// Hours.
    Hours(u32),
    /// Days: 日分.
    Days(u32),
    /// Weeks.
    Weeks(u32),
    /// Months.
    Months(u32),
    /// Times: 回分.
    Times(u32),
}

/// A cell of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// What stands there; empty means the source sent nothing.
    pub text: String,
    /// Code and system under the text, where sent: `620007329 HOT9`.
    pub code: Option<String>,
    /// The flag of a result.
    pub flag: Option<Flag>,
    /// What the text means where it is a length of time; the text stays as sent.
    pub span: Option<Span>,
}

/// A block of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Label and value pairs.
    Fields(Vec<(Label, Cell)>),
    /// A table: heads and rows of the same width.
    Table {
        /// What the block is about, as sent (such as `RP 1`, a panel's name).
        caption: String,
        /// One label per column.
        head: Vec<Label>,
        /// Rows.
        rows: Vec<Vec<Cell>>,
    },
    /// Running text as sent; line breaks stay.
    Prose {
        /// Its heading as sent, where it has one.
        heading: Option<String>,
        /// The text.
        text: String,
    },
}

/// A plain detail page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Blocks in reading order.
    pub blocks: Vec<Block>,
}

impl Cell {
    /// A cell of text only.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            code: None,
            flag: None,
            span: None,
        }
    }

    /// A cell of a coded value: its words, with code and system under them.
    #[must_use]
    pub fn coded(coded: &tasuki_model::Coded) -> Self {
        let code = coded
            .codings
            .first()
            .filter(|c| !c.code.is_empty())
            .map(|c| format!("{} {}", c.code, c.system).trim_end().to_owned());
        Self {
            text: coded.display().to_owned(),
            code,
            flag: None,
            span: None,
        }
    }
}
