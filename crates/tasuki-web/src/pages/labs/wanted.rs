//! What the address of the labs page asks for.

use crate::visit::{Stop, Visit};
use tasuki_core::ports::{EntryFilter, Service};
use tasuki_model::{Category, JstDay};
use tasuki_records::lab::item::ItemGroup;

/// Rows in the graph at most: more lines than four nobody reads.
pub(super) const ROWS_MAX: usize = 4;
/// The longest name of a source in an address.
const CODES_MAX: usize = 300;
/// Days of the first view; older ones are read on demand.
const YEAR: i64 = 365;

/// Which takings are columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takings {
    /// The last so many.
    Last(usize),
    /// Those between two days.
    Period(JstDay, JstDay),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub takings: Takings,
    /// How many years are read.
    pub years: i64,
    pub group: Option<ItemGroup>,
    /// Whose codes stand beside the items, as the address says it.
    pub codes: Option<String>,
    /// Only items with a value outside its range.
    pub abnormal: bool,
    /// Ranges beside the values.
    pub ranges: bool,
    /// The handles of the rows in the graph.
    pub rows: Vec<String>,
}

/// The word of a group in addresses.
pub(super) fn group_code(group: ItemGroup) -> String {
    format!("{group:?}").to_lowercase()
}

impl Wanted {
    pub fn of(visit: &Visit<'_>) -> Result<Self, Stop> {
        let ask = visit.ask;
        let today = JstDay::at(visit.now);
        let takings = match ask.query("takings") {
            None | Some("5") => Takings::Last(5),
            Some("10") => Takings::Last(10),
            Some("period") => {
                let to = visit.day("to")?.unwrap_or(today);
                let from = visit.day("from")?.unwrap_or_else(|| to.plus_days(-YEAR));
                if from > to {
                    return Err(Stop::wrong("from and to"));
                }
                Takings::Period(from, to)
            }
            Some(_) => return Err(Stop::wrong("takings")),
        };
        let wanted = |code: &str| {
            ItemGroup::ALL
                .iter()
                .copied()
                .find(|g| group_code(*g) == code)
        };
        let rows = ask.query.iter().filter(|(name, _)| name == "row");
        let handle =
            |text: &&String| text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let mut rows: Vec<String> = rows.map(|(_, row)| row).filter(handle).cloned().collect();
        rows.dedup();
        rows.truncate(ROWS_MAX);
        Ok(Self {
            takings,
            years: if ask.query("years") == Some("5") {
                5
            } else {
                1
            },
            group: ask.query("group").and_then(wanted),
            codes: ask
                .query("codes")
                .filter(|code| !code.is_empty() && code.len() <= CODES_MAX)
                .map(str::to_owned),
            abnormal: ask.query("only") == Some("abnormal"),
            ranges: ask.query("ranges") != Some("off"),
            rows,
        })
    }

    /// The reports to read.
    pub fn filter(&self, today: JstDay) -> EntryFilter {
        let (from, to) = match self.takings {
            Takings::Last(_) => (today.plus_days(-YEAR * self.years), None),
            Takings::Period(from, to) => (from, Some(to)),
        };
        EntryFilter {
            categories: vec![Category::Lab],
            from: Some(from),
            to,
            service: Service::Either,
            ..EntryFilter::default()
        }
    }

    /// The address of the same page with one thing changed; an empty value leaves it out.
    pub fn href(&self, name: &str, value: &str) -> String {
        let mut pairs = self.pairs();
        pairs.retain(|(n, _)| *n != name);
        if name == "takings" {
            pairs.retain(|(n, _)| !matches!(*n, "from" | "to"));
        }
        if !value.is_empty() {
            pairs.push((name, value.to_owned()));
        }
        address(&pairs)
    }

    /// The address with one row more, or one less, in the graph. The fifth pushes out the first.
    pub fn with_row(&self, row: &str) -> String {
        let mut rows = self.rows.clone();
        match rows.iter().position(|r| r == row) {
            Some(at) => drop(rows.remove(at)),
            None => rows.push(row.to_owned()),
        }
        let first = rows.len().saturating_sub(ROWS_MAX);
        let rows = rows.split_off(first);
        address(
            &Self {
                rows,
                ..self.clone()
            }
            .pairs(),
        )
    }

    /// The address of the same table as a file.
    pub fn file(&self, format: &str) -> String {
        address(&self.pairs()).replacen("labs?", &format!("labs/{format}?"), 1)
    }

    /// What an address of this page says.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = match self.takings {
            Takings::Last(5) => Vec::new(),
            Takings::Last(n) => vec![("takings", n.to_string())],
            Takings::Period(from, to) => vec![
                ("takings", "period".to_owned()),
                ("from", from.to_string()),
                ("to", to.to_string()),
            ],
        };
        let mut say = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        say("years", (self.years > 1).then(|| self.years.to_string()));
        say("group", self.group.map(group_code));
        say("codes", self.codes.clone());
        say("only", self.abnormal.then(|| "abnormal".to_owned()));
        say("ranges", (!self.ranges).then(|| "off".to_owned()));
        pairs.extend(self.rows.iter().map(|row| ("row", row.clone())));
        pairs
    }
}

fn address(pairs: &[(&str, String)]) -> String {
    format!(
        "labs?{}",
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    )
}
