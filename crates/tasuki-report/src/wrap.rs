//! Lines: text broken to a width by the rules of Japanese composition (JIS X 4051, in its simplest
//! form): between any two Japanese characters, but with no closing mark at the beginning of a line
//! and no opening one at its end; Latin words and numbers stay whole where they fit.

use crate::face::Measure;

/// Never at the beginning of a line.
const CLOSING: &str = "、。，．・：；？！゛゜ヽヾゝゞ々ー）］｝〕〉》」』】〙〗’”ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;?!)]}%％℃、｡｣､";
/// Never at the end of one.
const OPENING: &str = "（［｛〔〈《「『【〘〖‘“([{｢";

/// Whether a line may break between two characters.
fn breaks(before: char, after: char) -> bool {
    if before == ' ' {
        return true;
    }
    if after == ' ' || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    let latin = |c: char| c.is_ascii_graphic() || ('\u{80}'..'\u{2000}').contains(&c);
    !(latin(before) && latin(after))
}

/// The lines of a text; empty text is one empty line.
pub(crate) fn lines(text: &str, width: f32, size: f32, measure: &mut Measure<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        paragraph_lines(paragraph, width, size, measure, &mut lines);
    }
    lines
}

fn paragraph_lines(
    text: &str,
    width: f32,
    size: f32,
    measure: &mut Measure<'_>,
    lines: &mut Vec<String>,
) {
    let mut line = String::new();
    let mut wide = 0.0;
    // Where the line can break, in bytes, and how wide it is up to there.
    let mut chance: Option<(usize, f32)> = None;
    let mut before: Option<char> = None;
    for character in text.chars() {
        if before.is_some_and(|b| breaks(b, character)) {
            chance = Some((line.len(), wide));
        }
        let more = measure.width(character, size);
        if wide + more > width && !line.is_empty() && character != ' ' {
            // A word that is wider than the line breaks where it has to.
            let (at, narrower) = chance.take().unwrap_or((line.len(), wide));
            let rest = line.split_off(at);
            lines.push(line.trim_end().to_owned());
            line = rest;
            wide -= narrower;
        }
        line.push(character);
        wide += more;
        before = Some(character);
    }
    lines.push(line.trim_end().to_owned());
}
