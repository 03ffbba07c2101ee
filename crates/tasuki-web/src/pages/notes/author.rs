//! Who wrote a note: of its metadata where it has some, else of the document itself.

use super::agreed::note_of;
use super::profession::Profession;
use crate::chart::papers::Paper;
use crate::words::Words;
use tasuki_model::Role;
use tasuki_records::ClinicalValue;
use tasuki_records::note::role_of;

/// Characters of a line that may be a head.
const HEAD_CHARACTERS: usize = 24;
/// Lines of a text in which its author may stand.
const HEAD_LINES: usize = 3;

/// The profession that heads a text, as systems write it that have no field for it.
fn written_role(paper: &Paper) -> Option<Role> {
    let note = note_of(paper)?;
    let heads = note.text.lines().take(HEAD_LINES);
    // A line that names a profession and little else; a sentence that mentions one does not.
    heads
        .filter(|line| line.chars().count() <= HEAD_CHARACTERS)
        .find_map(role_of)
}

/// The author of a note.
pub(super) struct By {
    /// XCN-1: the account, for notes of this community.
    pub user: String,
    /// Name, profession and institution in one line.
    pub line: String,
    pub role: Option<Role>,
}

impl By {
    pub fn of(paper: &Paper) -> Self {
        let authors = paper.stated.iter().flat_map(|stated| &stated.authors);
        let Some(author) = authors.into_iter().next() else {
            let line = paper.value.as_ref().and_then(ClinicalValue::author);
            return Self {
                user: String::new(),
                line: line.unwrap_or_default(),
                role: written_role(paper),
            };
        };
        let xcn = author.person.as_deref().unwrap_or_default();
        let mut parts = xcn.split('^');
        let user = parts.next().unwrap_or_default().to_owned();
        let names: Vec<&str> = parts.take(2).filter(|name| !name.is_empty()).collect();
        let role = author.roles.first().map(String::as_str).unwrap_or_default();
        let institution = author.institutions.first();
        let institution = institution.and_then(|xon| xon.split('^').next());
        let name = names.join(" ");
        let line = [name.as_str(), role, institution.unwrap_or_default()];
        let line = line.into_iter().filter(|part| !part.is_empty());
        Self {
            user,
            line: line.collect::<Vec<_>>().join("　"),
            role: role_of(role).or_else(|| written_role(paper)),
        }
    }

    pub fn profession(&self, w: Words) -> Profession {
        Profession::of(w, self.role)
    }
}
