//! Which category a document belongs to: by its LOINC code where it has one, else by its local name.

use tasuki_model::Category;
use tasuki_wire::ssmix2::KindFolder;

use super::Format;

/// LOINC codes of the SS-MIX2 standard document table, and the reports of JAHIS 報告書規約.
const BY_LOINC: &[(&str, Category)] = &[
    ("11506-3", Category::Record),
    ("34108-1", Category::Record),
    ("34112-3", Category::Record),
    ("18842-5", Category::Record),
    ("74465-6", Category::Record),
    ("57133-1", Category::File),
    ("18748-4", Category::Report),
    ("18782-3", Category::Report),
    ("11526-1", Category::Report),
    ("18751-8", Category::Report),
    ("68604-8", Category::Report),
    ("53576-5", Category::Report),
    ("88350-4", Category::Report),
];

/// Words in local names, tried in this order. 記録 is the record that a profession keeps of its own
/// care, 看護記録 with it; ノート is what is written for the others who share the patient.
const BY_WORD: &[(&str, Category)] = &[
    ("レポート", Category::Report),
    ("報告書", Category::Report),
    ("所見", Category::Report),
    ("健診", Category::Report),
    ("健康診断", Category::Report),
    ("検診", Category::Report),
    ("人間ドック", Category::Report),
    ("経過記録", Category::Record),
    ("診療録", Category::Record),
    ("サマリ", Category::Record),
    ("看護記録", Category::Record),
    ("OBSERVATIONS", Category::Record),
    ("ノート", Category::Note),
    ("メモ", Category::Note),
    ("画像", Category::Image),
];

/// The category of a document in a folder of the extended storage.
#[must_use]
pub fn category_of(folder: &str, format: Format) -> Category {
    let picture = matches!(format, Format::Jpeg | Format::Png | Format::Gif);
    let Ok(folder) = KindFolder::parse(folder) else {
        return if picture {
            Category::Image
        } else {
            Category::File
        };
    };
    let (code, name, _) = folder.standard();
    if let Some((_, category)) = BY_LOINC.iter().find(|(loinc, _)| *loinc == code) {
        return *category;
    }
    let (local_code, local_name, _) = folder.local();
    let names = [local_name, name, local_code];
    let by_word = BY_WORD
        .iter()
        .find(|(word, _)| names.iter().any(|name| name.contains(word)));
    match by_word {
        Some((_, category)) => *category,
        None if picture => Category::Image,
        None => Category::File,
    }
}
