//! Root folders. The guideline lets their name begin with the facility id and go on with anything
//! that tells volumes apart (period, medical or dental, kind).

/// What a root folder's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RootName<'a> {
    /// 医療施設ID, ten digits.
    pub facility: &'a str,
    /// The rest of the name.
    pub suffix: &'a str,
}

/// Reads a root folder's name; none if it does not begin with ten digits and no eleventh.
pub fn root_name(name: &str) -> Option<RootName<'_>> {
    let (facility, suffix) = name.split_at_checked(10)?;
    let digits = facility.bytes().all(|b| b.is_ascii_digit());
    let ended = !suffix.starts_with(|c: char| c.is_ascii_digit());
    (digits && ended).then_some(RootName { facility, suffix })
}
