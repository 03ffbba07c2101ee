//! Which forms have been sent: a note that is sent twice, by an impatient hand or a reload, is written
//! once. Known to this node only and for the newest forms; what is older stands on the page already.

use std::collections::VecDeque;
use std::sync::Mutex;

/// Forms remembered at most.
const FORMS_MAX: usize = 4_096;
/// Characters of a form's name at most.
const NAME_MAX: usize = 64;

/// Forms by session and name, the oldest first.
#[derive(Default)]
pub(crate) struct Sent(Mutex<VecDeque<(String, String)>>);

impl Sent {
    /// Takes a form; false where it has been taken before. A form without a name, or with one that no
    /// page has made, is always taken.
    pub fn take(&self, session: &str, form: Option<&str>) -> bool {
        let Some(form) = form.filter(|form| form.len() <= NAME_MAX) else {
            return true;
        };
        let Ok(mut taken) = self.0.lock() else {
            return true;
        };
        let name = (session.to_owned(), form.to_owned());
        if taken.contains(&name) {
            return false;
        }
        if taken.len() >= FORMS_MAX {
            taken.pop_front();
        }
        taken.push_back(name);
        true
    }

    /// Gives it back: nothing was written.
    pub fn give_back(&self, session: &str, form: Option<&str>) {
        if let Ok(mut taken) = self.0.lock() {
            taken.retain(|(s, f)| s != session || Some(f.as_str()) != form);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_taken_once_and_again_when_nothing_was_written() {
        let sent = Sent::default();
        assert!(sent.take("s", Some("a")));
        assert!(!sent.take("s", Some("a")));
        assert!(sent.take("another", Some("a")) && sent.take("s", None) && sent.take("s", None));
        sent.give_back("s", Some("a"));
        assert!(sent.take("s", Some("a")));
        for n in 0..FORMS_MAX {
            assert!(sent.take("s", Some(&n.to_string())));
        }
        assert_eq!(sent.0.lock().unwrap().len(), FORMS_MAX);
    }
}
