//! Why two registrations are taken for one person or not, in sentences: for the desk and for the
//! console. What is said comes from the engine's levels, bits and guards alone, so it holds no
//! data of the patients.

use crate::words::Words;
use std::borrow::Cow;
use tasuki_core::identity::decide::{Guard, Outcome};
use tasuki_core::identity::explain::Explanation;
use tasuki_core::identity::levels::{BirthLevel, Equal, Levels, NameLevel};

type Sentence = Cow<'static, str>;

/// The sentences of an explanation, most telling first: the outcome, what is the same, what is
/// not, what held it back, the score, and by which tables.
#[must_use]
pub fn explain(w: Words, explanation: &Explanation) -> Vec<String> {
    let mut said = vec![match explanation.outcome {
        Outcome::Automatic => w.identity_automatic(),
        Outcome::Review => w.identity_review(),
        Outcome::No => w.identity_no(),
    }];
    said.extend(agreement(w, &explanation.levels));
    said.extend(differences(w, &explanation.levels));
    said.extend(held(w, explanation));
    let score = Score::of(explanation);
    said.push(w.identity_score(score.points, score.automatic, score.review));
    said.push(w.identity_basis(
        explanation.registrations,
        &explanation.weights,
        &explanation.kanji,
    ));
    said.into_iter().map(Cow::into_owned).collect()
}

/// A score and its two thresholds on a scale of 0 to 100 points: 50 is where a person begins to
/// look, 75 where a pair is linked automatically; bits between and beyond lie in proportion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// The pair's own.
    pub points: u32,
    /// From here a person looks.
    pub review: u32,
    /// From here a pair is linked automatically.
    pub automatic: u32,
}

impl Score {
    const REVIEW: u32 = 50;
    const AUTOMATIC: u32 = 75;

    /// The score of an explanation.
    #[must_use]
    pub fn of(explanation: &Explanation) -> Self {
        let (review, automatic) = (explanation.review, explanation.automatic);
        let width = (automatic - review).max(f32::EPSILON);
        let part = (explanation.bits.total() - review) / width;
        let scale = (Self::AUTOMATIC - Self::REVIEW) as f32;
        // Truncation would lift what lies just below a threshold onto it.
        let points = (Self::REVIEW as f32 + part * scale).floor();
        Self {
            points: points.clamp(0.0, 100.0) as u32,
            review: Self::REVIEW,
            automatic: Self::AUTOMATIC,
        }
    }
}

/// The items that agree, in one sentence.
pub(crate) fn agreement(w: Words, levels: &Levels) -> Option<Sentence> {
    let home = levels.home;
    let items = [
        (levels.family == NameLevel::Both, w.identity_family()),
        (levels.given == NameLevel::Both, w.identity_given()),
        (levels.birth == BirthLevel::Equal, w.identity_birth()),
        (levels.sex == Equal::Yes, w.identity_sex()),
        (home.insurance == Equal::Yes, w.identity_insurance()),
        (levels.branch == Equal::Yes, w.identity_branch()),
        (home.place == Equal::Yes, w.identity_place()),
        (home.phone == Equal::Yes, w.identity_phone()),
    ];
    let same: Vec<Sentence> = items
        .into_iter()
        .filter_map(|(same, item)| same.then_some(item))
        .collect();
    (!same.is_empty()).then(|| w.identity_same(&same.join(&w.identity_join())))
}

/// What does not simply agree, a sentence each.
fn differences(w: Words, levels: &Levels) -> Vec<Sentence> {
    let mut said: Vec<Sentence> = Vec::new();
    said.extend(name(w, levels.family, &w.identity_family()));
    if levels.given != NameLevel::Swapped {
        said.extend(name(w, levels.given, &w.identity_given()));
    }
    said.extend(birth(w, levels.birth));
    let home = levels.home;
    let items = [
        (levels.sex, w.identity_sex()),
        (home.insurance, w.identity_insurance()),
        (levels.branch, w.identity_branch()),
        (home.place, w.identity_place()),
        (home.phone, w.identity_phone()),
    ];
    let differing = items.into_iter().filter(|(level, _)| *level == Equal::No);
    said.extend(differing.map(|(_, item)| w.identity_differ(&item)));
    said.extend((home.agreements() == 0 && home.near).then(|| w.identity_near()));
    said
}

fn name(w: Words, level: NameLevel, item: &str) -> Option<Sentence> {
    match level {
        NameLevel::Both => None,
        NameLevel::Unknown => Some(w.identity_unknown(item)),
        NameLevel::OtherCharacter => Some(w.identity_other_character(item)),
        NameLevel::Kanji => Some(w.identity_kanji(item)),
        NameLevel::KanaOnly => Some(w.identity_kana_only(item)),
        NameLevel::KanaOtherKanji => Some(w.identity_kana_other_kanji(item)),
        NameLevel::Swapped => Some(w.identity_swapped()),
        NameLevel::Close => Some(w.identity_close(item)),
        NameLevel::Differ => Some(w.identity_differ(item)),
    }
}

fn birth(w: Words, level: BirthLevel) -> Option<Sentence> {
    match level {
        BirthLevel::Equal => None,
        BirthLevel::Unknown => Some(w.identity_unknown(&w.identity_birth())),
        BirthLevel::Era => Some(w.identity_birth_era()),
        BirthLevel::MonthDay => Some(w.identity_birth_month_day()),
        BirthLevel::OneDigit => Some(w.identity_birth_one_digit()),
        BirthLevel::DayUnknown => Some(w.identity_birth_day_unknown()),
        BirthLevel::TwoDigits => Some(w.identity_birth_two_digits()),
        BirthLevel::Differ => Some(w.identity_differ(&w.identity_birth())),
    }
}

/// What held a pair back, and that nothing else did where the score alone would have linked it.
pub(crate) fn held(w: Words, explanation: &Explanation) -> Vec<Sentence> {
    let score = Score::of(explanation);
    let only_held = score.points >= score.automatic && !explanation.guards.is_empty();
    let guards = explanation.guards.iter().map(|g| guard(w, *g));
    only_held
        .then(|| w.identity_held())
        .into_iter()
        .chain(guards)
        .collect()
}

fn guard(w: Words, guard: Guard) -> Sentence {
    match guard {
        Guard::TestPatient => w.identity_guard_test(),
        Guard::Unnamed => w.identity_guard_unnamed(),
        Guard::GivenName => w.identity_guard_given(),
        Guard::OtherKanji => w.identity_guard_other_kanji(),
        Guard::Twins => w.identity_guard_twins(),
        Guard::Branch => w.identity_guard_branch(),
        Guard::Birth => w.identity_guard_birth(),
        Guard::Sex => w.identity_guard_sex(),
        Guard::NothingElse => w.identity_guard_nothing_else(),
        Guard::FitsTwo => w.identity_guard_fits_two(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;
    use tasuki_core::identity::levels::HomeLevel;
    use tasuki_core::identity::score::Bits;

    fn namesakes() -> Explanation {
        let bits = |family, birth| Bits {
            family,
            given: 6.0,
            birth,
            sex: 1.0,
            home: -2.0,
            branch: 0.0,
            prior: -20.0,
        };
        Explanation {
            version: Explanation::VERSION,
            weights: "weights-2".to_owned(),
            kanji: "kanji-1".to_owned(),
            registrations: 1_000,
            outcome: Outcome::Review,
            guards: vec![Guard::NothingElse],
            levels: Levels {
                family: NameLevel::Both,
                given: NameLevel::OtherCharacter,
                birth: BirthLevel::MonthDay,
                sex: Equal::Yes,
                home: HomeLevel {
                    insurance: Equal::Unknown,
                    phone: Equal::No,
                    place: Equal::No,
                    near: false,
                    insurer: Equal::Unknown,
                },
                branch: Equal::Unknown,
            },
            bits: bits(4.0, 10.5),
            automatic: 3.0,
            review: -4.0,
        }
    }

    #[test]
    fn a_pair_is_explained_in_both_languages() {
        let japanese = explain(Words { lang: Lang::Ja }, &namesakes());
        assert_eq!(japanese[0], "自動では決められず、人が確かめます。");
        assert_eq!(japanese[1], "姓・性別が同じです。");
        assert!(japanese.iter().any(|s| s.contains("月と日が入れ替わって")));
        assert!(japanese.iter().any(|s| s.contains("同姓同名")));
        assert!(japanese.iter().any(|s| s == "電話が違います。"));
        let english = explain(Words { lang: Lang::En }, &namesakes());
        assert_eq!(english.len(), japanese.len());
        assert_eq!(english[1], "The same: family name, sex.");
        assert!(english.last().unwrap().contains("weights-2"));
    }

    #[test]
    fn points_lie_in_proportion_to_bits() {
        let at = |total: f32| {
            let mut explanation = namesakes();
            explanation.bits.prior = 0.0;
            explanation.bits.prior = total - explanation.bits.total();
            Score::of(&explanation).points
        };
        assert_eq!((at(-4.0), at(3.0)), (50, 75));
        assert_eq!((at(-4.01), at(2.99)), (49, 74));
        assert_eq!((at(-100.0), at(100.0)), (0, 100));
    }
}
