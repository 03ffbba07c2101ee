//! Names of the second set. Surnames are names of towns, which are facts and which many a family
//! bears; given names are composed of characters of the public list of 人名用漢字 with readings they
//! have in names. Written for this project and under its licence.

use crate::dice::Dice;

/// A name in kanji and katakana.
pub type Pair = (&'static str, &'static str);

const TOWNS: &str = "福島フクシマ 千葉チバ 石川イシカワ 宮城ミヤギ 山口ヤマグチ 長野ナガノ 福井フクイ 香川カガワ 秋田アキタ 富山トヤマ 岡山オカヤマ 宮崎ミヤザキ 長崎ナガサキ 熊谷クマガイ 三島ミシマ 松本マツモト 上田ウエダ 飯田イイダ 諏訪スワ 高山タカヤマ 関セキ 長浜ナガハマ 堺サカイ 高槻タカツキ 池田イケダ 明石アカシ 津山ツヤマ 三原ミハラ 中村ナカムラ 柳川ヤナガワ 大村オオムラ 島原シマバラ 中津ナカツ 日田ヒタ 出水イズミ 弘前ヒロサキ 花巻ハナマキ 白石シロイシ 横手ヨコテ 酒田サカタ 鶴岡ツルオカ 米沢ヨネザワ 相馬ソウマ 水戸ミト 土浦ツチウラ 足利アシカガ 佐野サノ 小山オヤマ 前橋マエバシ 高崎タカサキ 桐生キリュウ 渋川シブカワ 藤岡フジオカ 川口カワグチ 秩父チチブ 本庄ホンジョウ 船橋フナバシ 松戸マツド 野田ノダ 佐倉サクラ 成田ナリタ 館山タテヤマ 立川タチカワ 青梅オウメ 町田マチダ 日野ヒノ 横須賀ヨコスカ 平塚ヒラツカ 鎌倉カマクラ 藤沢フジサワ 小田原オダワラ 三浦ミウラ 秦野ハダノ 大和ヤマト 長岡ナガオカ 柏崎カシワザキ 高岡タカオカ 魚津ウオヅ 金沢カナザワ 七尾ナナオ 小松コマツ 敦賀ツルガ 大野オオノ 都留ツル 豊橋トヨハシ 岡崎オカザキ 津島ツシマ 犬山イヌヤマ 桑名クワナ 亀山カメヤマ 鳥羽トバ 宇治ウジ 福知フクチ 宮津ミヤヅ 芦屋アシヤ 加西カサイ 橋本ハシモト 田辺タナベ 米子ヨネコ 倉吉クラヨシ 浜田ハマダ 大田オオタ 笠岡カサオカ 井原イバラ 竹原タケハラ 三次ミヨシ 下松クダマツ 光ヒカリ 鳴門ナルト 阿南アナン 坂出サカイデ 西条サイジョウ 大洲オオス 安芸アキ 直方ノウガタ 飯塚イイヅカ 田川タガワ 柳井ヤナイ 武雄タケオ 鹿島カシマ 平戸ヒラド 松浦マツウラ 荒尾アラオ 玉名タマナ 山鹿ヤマガ 菊池キクチ 竹田タケダ 国東クニサキ 串間クシマ 小林コバヤシ 指宿イブスキ 西之表ニシノオモテ 名瀬ナゼ";

/// Put before a town: the rarer half of the surnames.
const BEFORE: &str =
    "東ヒガシ 西ニシ 南ミナミ 北キタ 大オオ 小コ 上カミ 下シモ 中ナカ 奥オク 今イマ 古フル";

const MALE_FIRST: &str = "健ケン 大ダイ 翔ショウ 拓タク 直ナオ 和カズ 正マサ 義ヨシ 康ヤス 英ヒデ 弘ヒロ 隆タカ 信ノブ 俊トシ 清キヨ 昭アキ 光ミツ 勝カツ 幸ユキ 政マサ 秀ヒデ 博ヒロ 貴タカ 雅マサ 智トモ 友トモ 克カツ 良ヨシ 敏トシ 宏ヒロ 達タツ 辰タツ 恒ツネ 常ツネ 哲テツ 鉄テツ 賢ケン 憲ケン 伸ノブ 茂シゲ 重シゲ 孝タカ";
const MALE_LAST: &str = "太タ 介スケ 也ヤ 之ユキ 人ト 一イチ 彦ヒコ 夫オ 雄オ 男オ 樹キ 司シ 志シ 郎ロウ 平ヘイ 治ジ 広ヒロ 史フミ 明アキ 哉ヤ 輔スケ 行ユキ 次ジ 臣オミ 生オ 基キ 造ゾウ 蔵ゾウ 吉キチ 斗ト";
const MALE_WHOLE: &str = "誠マコト 実ミノル 進ススム 茂シゲル 勇イサム 徹トオル 学マナブ 翼ツバサ 薫カオル 忍シノブ 光ヒカル 蓮レン 樹イツキ 湊ミナト 歩アユム 潤ジュン 淳ジュン 純ジュン";
const FEMALE_FIRST: &str = "美ミ 由ユ 真マ 恵エ 幸サチ 和カズ 久ヒサ 千チ 明アキ 春ハル 夏ナツ 秋アキ 陽ヨウ 優ユウ 綾アヤ 彩アヤ 里リ 奈ナ 友トモ 知トモ 智トモ 理リ 絵エ 早サ 沙サ 麻マ 亜ア 有ユ 佳カ 加カ 喜キ 紀キ 節セツ 悦エツ 文フミ 史フミ 静シズ 清キヨ 梨リ 瑠ル";
const FEMALE_LAST: &str = "子コ 美ミ 恵エ 香カ 代ヨ 江エ 奈ナ 菜ナ 穂ホ 里リ 枝エ 花カ 佳カ 織オリ 希キ 紀キ 乃ノ 実ミ 音ネ 央オ 世ヨ 夜ヨ 衣イ 南ナ 莉リ 歌カ";
const FEMALE_WHOLE: &str = "愛アイ 舞マイ 遥ハルカ 忍シノブ 薫カオル 恵メグミ 望ノゾミ 光ヒカル 翼ツバサ 歩アユミ 葵アオイ 凛リン 楓カエデ 泉イズミ 泰ヤス 円マドカ 瞳ヒトミ 梓アズサ";

/// Romaji, two ways it is heard.
pub const FOREIGN_FAMILIES: [(&str, [&str; 2]); 14] = [
    ("NGUYEN", ["グエン", "ニュエン"]),
    ("TRAN", ["チャン", "トラン"]),
    ("PHAM", ["ファム", "パム"]),
    ("SANTOS", ["サントス", "サントース"]),
    ("SILVA", ["シルバ", "シルヴァ"]),
    ("OLIVEIRA", ["オリヴェイラ", "オリベイラ"]),
    ("CRUZ", ["クルス", "クルーズ"]),
    ("SMITH", ["スミス", "スミス"]),
    ("SHRESTHA", ["シュレスタ", "シレスタ"]),
    ("GURUNG", ["グルン", "グルング"]),
    ("WIDODO", ["ウィドド", "ヴィドド"]),
    ("IVANOVA", ["イワノワ", "イヴァノヴァ"]),
    ("RAHMAN", ["ラーマン", "ラフマン"]),
    ("MARTIN", ["マーティン", "マルタン"]),
];
/// As above.
pub const FOREIGN_GIVEN: [(&str, [&str; 2]); 14] = [
    ("LAN", ["ラン", "ラン"]),
    ("MINH", ["ミン", "ミニュ"]),
    ("VAN ANH", ["ヴァンアン", "バンアイン"]),
    ("MARIA", ["マリア", "マリーア"]),
    ("JOSE", ["ホセ", "ジョゼ"]),
    ("PAULO", ["パウロ", "パオロ"]),
    ("DAVID", ["デイヴィッド", "ダビド"]),
    ("SITA", ["シタ", "シーター"]),
    ("RAM", ["ラム", "ラーム"]),
    ("DEWI", ["デウィ", "デヴィ"]),
    ("OLGA", ["オリガ", "オルガ"]),
    ("ELENA", ["エレナ", "イェレーナ"]),
    ("KARIM", ["カリム", "キャリム"]),
    ("LUCIE", ["リュシー", "ルーシー"]),
];

/// Kanji that clerks put for one another; what is heard is the same.
pub const HOMOPHONES: [(char, char); 14] = [
    ('太', '大'),
    ('広', '弘'),
    ('美', '実'),
    ('香', '佳'),
    ('雄', '夫'),
    ('之', '行'),
    ('明', '昭'),
    ('恵', '江'),
    ('一', '市'),
    ('和', '一'),
    ('真', '麻'),
    ('智', '知'),
    ('島', '嶋'),
    ('野', '乃'),
];

/// New and old forms of one character.
pub const FORMS: [(char, char); 9] = [
    ('高', '髙'),
    ('崎', '﨑'),
    ('沢', '澤'),
    ('浜', '濱'),
    ('広', '廣'),
    ('関', '關'),
    ('島', '嶋'),
    ('真', '眞'),
    ('恵', '惠'),
];

/// Kana that hands and eyes take for one another.
pub const LOOKALIKES: [(char, char); 9] = [
    ('シ', 'ツ'),
    ('ソ', 'ン'),
    ('ク', 'ワ'),
    ('ガ', 'カ'),
    ('ザ', 'サ'),
    ('ダ', 'タ'),
    ('バ', 'ハ'),
    ('ヌ', 'ス'),
    ('ユ', 'エ'),
];

/// All names, ready to be drawn from.
pub struct Names {
    towns: Vec<Pair>,
    before: Vec<Pair>,
    male: [Vec<Pair>; 3],
    female: [Vec<Pair>; 3],
}

fn pairs(text: &'static str) -> Vec<Pair> {
    text.split(' ')
        .filter_map(|word| {
            let kana = word.find(|c: char| ('\u{30A0}'..='\u{30FF}').contains(&c))?;
            word.split_at_checked(kana)
        })
        .collect()
}

impl Names {
    /// Reads the tables.
    #[must_use]
    pub fn new() -> Self {
        Self {
            towns: pairs(TOWNS),
            before: pairs(BEFORE),
            male: [MALE_FIRST, MALE_LAST, MALE_WHOLE].map(pairs),
            female: [FEMALE_FIRST, FEMALE_LAST, FEMALE_WHOLE].map(pairs),
        }
    }

    /// A surname: common ones often, the rest composed.
    pub fn family(&self, dice: &mut Dice) -> (String, String) {
        let (kanji, kana) = *dice.pick_early(&self.towns);
        if dice.chance(0.55) {
            return (kanji.to_owned(), kana.to_owned());
        }
        let (before, sound) = *dice.pick(&self.before);
        (format!("{before}{kanji}"), format!("{sound}{kana}"))
    }

    /// A given name.
    pub fn given(&self, dice: &mut Dice, male: bool) -> (String, String) {
        let [first, last, whole] = if male { &self.male } else { &self.female };
        if dice.chance(0.12) {
            let (kanji, kana) = *dice.pick(whole);
            return (kanji.to_owned(), kana.to_owned());
        }
        let ((a, x), (b, y)) = (*dice.pick_early(first), *dice.pick_early(last));
        (format!("{a}{b}"), format!("{x}{y}"))
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::new()
    }
}
