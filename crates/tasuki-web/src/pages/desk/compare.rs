//! Two registrations side by side: each item as its facility wrote it, and the difference in
//! words. Equality is that of the engine's keys, so that width and script of letters do not count.

use crate::pages::words_of;
use crate::words::Words;
use tasuki_core::identity::normalise::Keys;
use tasuki_core::identity::stated::keys_of;
use tasuki_core::ports::PatientRecord;
use tasuki_model::person::NameParts;
use tasuki_model::{Demographics, Sex};

/// A value with the stretch that the other side does not have.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Marked {
    pub before: String,
    pub differing: String,
    pub after: String,
}

/// What a comparison came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Same,
    Differs,
    /// One side or both lack it, or it says nothing.
    NotCompared,
}

/// One item of the comparison.
#[derive(Debug)]
pub(crate) struct Row {
    pub label: String,
    pub a: Marked,
    pub b: Marked,
    pub verdict: Verdict,
    pub says: String,
}

impl Row {
    pub fn differs(&self) -> bool {
        self.verdict == Verdict::Differs
    }

    pub fn same(&self) -> bool {
        self.verdict == Verdict::Same
    }
}

/// Every item that either side has.
pub(crate) fn rows(w: Words, a: &PatientRecord, b: &PatientRecord) -> Vec<Row> {
    let pair = Pair {
        w,
        a: &a.demographics,
        b: &b.demographics,
        keys: (keys_of(&a.demographics).0, keys_of(&b.demographics).0),
    };
    let mut rows = vec![pair.kana(), pair.kanji()];
    rows.extend(pair.roman());
    rows.extend([pair.sex(), pair.birth(), pair.address(), pair.phone()]);
    rows.push(pair.insurance());
    rows.push(Row {
        label: w.line_local_id().into_owned(),
        a: plain(a.local_id.as_str()),
        b: plain(b.local_id.as_str()),
        verdict: Verdict::NotCompared,
        says: w.line_own_numbers().into_owned(),
    });
    rows
}

/// How many items could be compared, and how many of them differ.
pub(crate) fn counts(rows: &[Row]) -> (usize, usize) {
    let differing = rows.iter().filter(|row| row.differs()).count();
    let same = rows.iter().filter(|row| row.same()).count();
    (same + differing, differing)
}

struct Pair<'a> {
    w: Words,
    a: &'a Demographics,
    b: &'a Demographics,
    keys: (Keys, Keys),
}

impl Pair<'_> {
    /// A row of two texts. `equal` says whether the engine takes them for equal; `words` names the
    /// difference.
    fn row(&self, label: &str, a: &str, b: &str, equal: bool, words: String) -> Row {
        let w = self.w;
        let (verdict, says) = match (a.is_empty(), b.is_empty()) {
            (true, true) => (Verdict::NotCompared, w.line_neither().into_owned()),
            (true, false) | (false, true) => (Verdict::NotCompared, w.line_one_side().into_owned()),
            _ if a == b => (Verdict::Same, w.line_same().into_owned()),
            _ if equal => (Verdict::Same, w.line_same_written().into_owned()),
            _ => (Verdict::Differs, words),
        };
        let (a, b) = if verdict == Verdict::Differs {
            marked(a, b)
        } else {
            (plain(a), plain(b))
        };
        Row {
            label: label.to_owned(),
            a,
            b,
            verdict,
            says,
        }
    }

    fn kana(&self) -> Row {
        let (x, y) = (&self.keys.0.name, &self.keys.1.name);
        let equal = x.family_kana == y.family_kana && x.given_kana == y.given_kana;
        self.names(
            &self.w.line_kana(),
            (&self.a.name.phonetic, &self.b.name.phonetic),
            equal,
        )
    }

    fn kanji(&self) -> Row {
        let (x, y) = (&self.keys.0.name, &self.keys.1.name);
        let folded = x.family == y.family && x.given == y.given;
        let written = x.family_plain == y.family_plain && x.given_plain == y.given_plain;
        let names = (&self.a.name.ideographic, &self.b.name.ideographic);
        let mut row = self.names(&self.w.line_kanji(), names, folded && written);
        if folded && row.differs() {
            let (one, other) = (row.a.differing.as_str(), row.b.differing.as_str());
            row.says = self.w.line_other_writing(one, other).into_owned();
        }
        row
    }

    fn roman(&self) -> Option<Row> {
        let names = (&self.a.name.alphabetic, &self.b.name.alphabetic);
        let there = names.0.is_some() || names.1.is_some();
        let same = |n: &Option<NameParts>| joined(n).to_uppercase();
        let equal = same(names.0) == same(names.1);
        there.then(|| self.names(&self.w.line_roman(), names, equal))
    }

    fn names(
        &self,
        label: &str,
        (a, b): (&Option<NameParts>, &Option<NameParts>),
        equal: bool,
    ) -> Row {
        let words = match (a, b) {
            (Some(a), Some(b)) => self.name_words(a, b),
            _ => String::new(),
        };
        self.row(label, &joined(a), &joined(b), equal, words)
    }

    /// Which name differs, and where it is one character, which one.
    fn name_words(&self, a: &NameParts, b: &NameParts) -> String {
        let w = self.w;
        let letter = |a: &str, b: &str| one_letter(a, b);
        match (a.family == b.family, a.given == b.given) {
            (true, false) => match letter(&a.given, &b.given) {
                Some((n, x, y)) => w.line_given_letter(n, &x, &y),
                None => w.line_given_differs(),
            },
            (false, true) => match letter(&a.family, &b.family) {
                Some((n, x, y)) => w.line_family_letter(n, &x, &y),
                None => w.line_family_differs(),
            },
            _ => w.line_both_differ(),
        }
        .into_owned()
    }

    fn sex(&self) -> Row {
        let words = |sex: Sex| match sex {
            Sex::Unknown => String::new(),
            known => words_of::sex(self.w, known).into_owned(),
        };
        let (a, b) = (words(self.a.sex), words(self.b.sex));
        let differs = self.w.line_differs().into_owned();
        self.row(&self.w.banner_sex(), &a, &b, false, differs)
    }

    fn birth(&self) -> Row {
        let words = |d: &Demographics| match d.birth {
            Some(day) => words_of::birth(self.w, day),
            None => d.birth_text.clone(),
        };
        let equal = self.keys.0.birth.is_some() && self.keys.0.birth == self.keys.1.birth;
        let differs = self.w.line_differs().into_owned();
        let (a, b) = (words(self.a), words(self.b));
        self.row(&self.w.banner_birth(), &a, &b, equal, differs)
    }

    fn address(&self) -> Row {
        let text = |d: &Demographics| {
            let first = d.addresses.first();
            first.map(|a| a.text.clone()).unwrap_or_default()
        };
        let (a, b) = (text(self.a), text(self.b));
        let rest = [a.strip_prefix(&*b), b.strip_prefix(&*a)];
        let words = match rest.into_iter().flatten().find(|rest| !rest.is_empty()) {
            Some(rest) => self.w.line_longer(rest.trim()),
            None => self.w.line_differs(),
        };
        self.row(&self.w.line_address(), &a, &b, false, words.into_owned())
    }

    fn phone(&self) -> Row {
        let text = |d: &Demographics| d.phones.first().cloned().unwrap_or_default();
        let equal = self.keys.0.phone != 0 && self.keys.0.phone == self.keys.1.phone;
        let differs = self.w.line_differs().into_owned();
        let (a, b) = (text(self.a), text(self.b));
        self.row(&self.w.line_phone(), &a, &b, equal, differs)
    }

    fn insurance(&self) -> Row {
        let text = |d: &Demographics| {
            // The insurer alone is that of many.
            let Some(i) = d.insurances.first().filter(|i| !i.number.is_empty()) else {
                return String::new();
            };
            let branch = i.branch.as_deref().unwrap_or_default();
            let parts = [i.insurer.as_str(), &i.symbol, &i.number, branch];
            let known: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
            known.join(" ")
        };
        let equal =
            self.keys.0.insurance.is_some() && self.keys.0.insurance == self.keys.1.insurance;
        let differs = self.w.line_differs().into_owned();
        let (a, b) = (text(self.a), text(self.b));
        self.row(&self.w.line_insurance(), &a, &b, equal, differs)
    }
}

fn joined(name: &Option<NameParts>) -> String {
    name.as_ref().map(NameParts::joined).unwrap_or_default()
}

fn plain(text: &str) -> Marked {
    Marked {
        before: text.to_owned(),
        ..Marked::default()
    }
}

/// The place (from 1) and the two characters, where two texts of one length differ in one only.
fn one_letter(a: &str, b: &str) -> Option<(usize, String, String)> {
    if a.chars().count() != b.chars().count() {
        return None;
    }
    let mut differing = a.chars().zip(b.chars()).enumerate();
    let mut differing = differing.by_ref().filter(|(_, (x, y))| x != y);
    let (place, (x, y)) = differing.next()?;
    let only = differing.next().is_none();
    only.then(|| (place + 1, x.to_string(), y.to_string()))
}

/// Two texts without what they begin and end with in common.
fn marked(a: &str, b: &str) -> (Marked, Marked) {
    let (x, y): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let head = x.iter().zip(&y).take_while(|(x, y)| x == y).count();
    let rest = x.len().min(y.len()) - head;
    let tail = x.iter().rev().zip(y.iter().rev());
    let tail = tail.take(rest).take_while(|(x, y)| x == y).count();
    let cut = |chars: &[char]| {
        let part = |from: usize, to: usize| chars.iter().skip(from).take(to - from).collect();
        let end = chars.len() - tail;
        Marked {
            before: part(0, head),
            differing: part(head, end),
            after: part(end, chars.len()),
        }
    };
    (cut(&x), cut(&y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    fn parts(family: &str, given: &str) -> Option<NameParts> {
        Some(NameParts {
            family: family.to_owned(),
            given: given.to_owned(),
        })
    }

    fn pair<'a>(a: &'a Demographics, b: &'a Demographics) -> Pair<'a> {
        let w = Words { lang: Lang::Ja };
        let keys = (keys_of(a).0, keys_of(b).0);
        Pair { w, a, b, keys }
    }

    fn named(family: &str, given: &str, kana: (&str, &str)) -> Demographics {
        let mut someone = Demographics::default();
        someone.name.ideographic = parts(family, given);
        someone.name.phonetic = parts(kana.0, kana.1);
        someone
    }

    #[test]
    fn one_character_is_named_with_its_place() {
        let a = named("東京", "花子", ("トウキョウ", "ハナコ"));
        let b = named("東京", "華子", ("ﾄｳｷｮｳ", "ﾊﾅｺ"));
        let pair = pair(&a, &b);
        let kanji = pair.kanji();
        assert_eq!(kanji.says, "名の1文字目が違います（花 と 華）");
        assert_eq!(
            (kanji.b.differing.as_str(), &*kanji.b.before),
            ("華", "東京 ")
        );
        let kana = pair.kana();
        assert!(kana.same());
        assert_eq!(kana.says, "書き方だけが違います");
    }

    #[test]
    fn another_form_of_a_character_is_told_from_another_character() {
        let a = named("斎藤", "一", ("サイトウ", "ハジメ"));
        let b = named("齋藤", "一", ("サイトウ", "ハジメ"));
        let row = pair(&a, &b).kanji();
        assert_eq!(row.says, "字体だけが違います（斎 と 齋）");
        assert!(row.differs());
    }

    #[test]
    fn what_one_side_lacks_is_not_a_difference() {
        let mut a = named("東京", "花子", ("トウキョウ", "ハナコ"));
        a.phones = vec!["03-0000-1184".to_owned()];
        let b = named("東京", "花子", ("トウキョウ", "ハナコ"));
        let row = pair(&a, &b).phone();
        assert_eq!(
            (row.verdict, row.says.as_str()),
            (Verdict::NotCompared, "片方にありません")
        );
        assert_eq!(pair(&a, &b).insurance().says, "どちらにもありません");
    }

    #[test]
    fn a_longer_address_says_by_what() {
        let home = |text: &str| {
            let mut someone = Demographics::default();
            someone.addresses.push(tasuki_model::person::Address {
                postal: String::new(),
                text: text.to_owned(),
            });
            someone
        };
        let (a, b) = (
            home("江東区架空町2-14-5 みどり荘203"),
            home("江東区架空町2-14-5"),
        );
        let row = pair(&a, &b).address();
        assert_eq!(row.says, "片方だけに「みどり荘203」があります");
        assert_eq!(row.a.differing, " みどり荘203");
    }
}
