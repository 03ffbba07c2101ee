//! What every page of a chart begins with: the grant, the banner, the freshness strip, the rail.
//!
//! Everything here is read in one snapshot, under one grant, and is released before it is put
//! together.

mod arrived;
pub(crate) mod badges;
mod case;
pub(crate) mod copied;
mod copy;
mod counted;
mod elsewhere;
mod errand;
mod frame;
pub(crate) mod kept;
pub(crate) mod lines;
pub(crate) mod merged;
mod older;
pub(crate) mod papers;
mod section;
mod seen;
mod sources;
pub(crate) mod standing;
mod undated;

pub(crate) use arrived::{Arrival, Copied, Remark, is_awaited, revision};
pub(crate) use errand::{behalf, errand};
pub(crate) use frame::Frame;
pub(crate) use kept::Kept;
pub(crate) use section::Section;
pub(crate) use seen::Seen;
pub(crate) use sources::{reports_at, reports_of};
pub(crate) use undated::{Undated, undated};

use crate::marks::Mark;
use crate::visit::{Stop, Visit};
use arrived::Arrived;
use std::sync::Arc;
use tasuki_core::elsewhere::Gathering;
use tasuki_core::gather::Source;
use tasuki_core::policy::{self, Subject};
use tasuki_core::ports::{CalendarCell, Emergency, PatientRecord, Reading};
use tasuki_core::{Fault, Grant, Labelled, Released, SourceReport};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, Instant, JstDay, Labels, PatientKey, PersonId};

/// The first day a calendar can reach.
pub(crate) fn day_zero() -> JstDay {
    JstDay::from_epoch_days(-36_525)
}

/// An open chart: the grant, and what was released under it for the frame.
pub(crate) struct Chart {
    pub grant: Grant,
    /// Every facility of the community as a mark, those without records too.
    pub marks: Vec<Mark>,
    pub facts: Released<Facts>,
    /// Copies of other communities' documents that may be shown, not released yet.
    pub copies: Vec<Labelled<Copied>>,
    /// Those that the page has shown.
    pub seen: Arc<Seen>,
    /// The gathering that they belong to.
    pub gathering: Option<Gathering>,
    /// What stands in for a registration, where an emergency opened it.
    pub in_emergency: Option<PatientKey>,
}

/// Released facts of a person that the frame shows.
pub(crate) struct Facts {
    /// The registration at the reader's own facility first.
    pub records: Vec<PatientRecord>,
    /// Counts per day, category and facility, over all time.
    pub cells: Vec<(Source, CalendarCell)>,
    /// How many entries have no day, per category.
    pub undated: Vec<(Source, Category)>,
    pub reports: Vec<SourceReport>,
    /// What is to be said of other communities beside their state.
    pub remarks: Vec<Remark>,
    /// Something may still come.
    pub arrival: Option<Arrival>,
    /// Other patients of the reader's facility with the same name.
    pub namesakes: usize,
    /// Other patients of the reader's facility of another name who might be taken for this one:
    /// the same birth date and household.
    pub twins: usize,
    /// What the reader keeps here for themselves.
    pub kept: Kept,
    /// What the consents that cover the reader keep back.
    pub kept_back: Vec<standing::KeptBack>,
    /// Only the marked documents, counted like `cells`, where the reader has asked for them alone.
    pub marked: Option<Vec<(Source, CalendarCell)>>,
}

impl Facts {
    /// What the calendar shows.
    pub fn shown_cells(&self) -> &[(Source, CalendarCell)] {
        self.marked.as_deref().unwrap_or(&self.cells)
    }
}

/// Opens the chart of the person named in the path. Unknown, not registered at the reader's
/// facility, and not allowed all stop alike.
pub(crate) fn open(visit: &Visit<'_>) -> Result<Chart, Stop> {
    let person = PersonId::new(visit.ask.param("person")).map_err(|_| Stop::Refused)?;
    open_of(visit, &person)
}

/// Opens the chart of a person.
pub(crate) fn open_of(visit: &Visit<'_>, person: &PersonId) -> Result<Chart, Stop> {
    let who = visit.who()?;
    let store = &visit.portal.store;
    let now = visit.portal.clock.now();
    let decided = |tx: &dyn Reading| {
        let case = case::case(visit, who, tx, person, now)?;
        let grant = policy::decide(&case.caller, person, &case.subjects);
        Ok(grant.map(|grant| (grant, case)))
    };
    let (grant, case) = store.reading(decided)??;
    let own = case.own().ok_or(Stop::Refused)?;
    if let Some((emergency, _)) = case.emergency {
        // Once: the page is opened by one emergency.
        let _ = visit.emergency.set(emergency);
    }
    let gathering = elsewhere::gathering(visit, &grant, &own)?;
    // What is shown is read in one snapshot, and decided on by what holds in it.
    let opened = store.reading(|tx| match decided(tx)? {
        Ok((grant, case)) => {
            let arrived = arrived::arrived(visit, tx, gathering.as_ref())?;
            facts_of(visit, tx, &grant, case.records, arrived).map(|f| Ok((grant, f)))
        }
        Err(refusal) => Ok(Err(refusal)),
    })?;
    let (grant, (marks, facts, copies)) = opened?;
    Ok(Chart {
        grant,
        marks,
        facts,
        copies,
        seen: Arc::clone(&visit.seen),
        gathering,
        in_emergency: visit.emergency.get().map(Emergency::shelf).transpose()?,
    })
}

impl Chart {
    /// The registration through which the reader came.
    pub fn own_registration(&self) -> Option<PatientKey> {
        let here = &self.grant.caller().facility;
        let own = self.facts.view().records.first();
        own.filter(|r| r.facility == *here)
            .map(|r| r.patient_key.clone())
            .filter(|key| self.in_emergency.as_ref() != Some(key))
    }

    /// How many facilities of the community there are beside those that a chart names. Of those
    /// nothing is said but that there are no records or none disclosed: the two look the same.
    pub fn disclosing_others(&self) -> usize {
        let facility = |source: &Source| matches!(source, Source::Facility(_));
        let all = self.marks.iter().filter(|m| facility(&m.source)).count();
        let reports = self.facts.view().reports.iter();
        all.saturating_sub(reports.filter(|r| facility(&r.source)).count())
    }
}

pub(crate) fn subject_of(record: &PatientRecord, now: Instant) -> Subject {
    Subject::new(
        record.patient_key.clone(),
        record.facility.clone(),
        record.disclosed,
    )
    .under(record.terms.clone(), now)
}

/// The label of a registration as such: who a facility's patient is.
pub(crate) fn basic_labels(record: &PatientRecord) -> Labels {
    Labels {
        patient_key: record.patient_key.clone(),
        facility: record.facility.clone(),
        category: Category::Basic,
        department: None,
        day: None,
        author: None,
        confidentiality: Confidentiality::Normal,
        document: None,
    }
}

/// An item of a facility of ours together with its source, which a screen names beside every fact.
fn with_source<T>(item: Labelled<T>) -> Labelled<(Source, T)> {
    item.map(|labels, item| (Source::Facility(labels.facility.clone()), item))
}

/// The marks of a chart, its facts, and the copies that it may show.
type Opened = (Vec<Mark>, Released<Facts>, Vec<Labelled<Copied>>);

fn facts_of(
    visit: &Visit<'_>,
    tx: &dyn Reading,
    grant: &Grant,
    records: Vec<PatientRecord>,
    arrived: Arrived,
) -> Result<Opened, Fault> {
    let keys = grant.registrations();
    let facilities = tx.facilities()?;
    let mut marks: Vec<Mark> = facilities.iter().map(|f| Mark::of(visit, f)).collect();
    let others = visit.portal.others.iter().flat_map(|o| o.members());
    for member in others {
        marks.push(Mark::of_community(&member, &marks));
    }
    let own = grant.caller().facility.clone();
    let record = records.iter().find(|r| r.facility == own);
    let (namesakes, twins) = record.map_or(Ok((0, 0)), |r| alike(visit, tx, r))?;
    let kept = record.map(|r| kept::kept(visit, tx, &r.patient_key));
    let kept = kept.transpose()?.unwrap_or_default();
    let mut records = grant.release(
        records
            .into_iter()
            .map(|r| Labelled::new(basic_labels(&r), r))
            .collect::<Vec<_>>(),
    );
    records = records.map(|mut records| {
        records.sort_by_key(|r| r.facility != own);
        records
    });
    let cells = grant.release(
        tx.find_cells(&keys, day_zero(), JstDay::at(visit.now).plus_days(3_660))?
            .into_iter()
            .map(with_source)
            .collect(),
    );
    let undated = grant.release(
        tx.find_entries(&keys, &undated_only())?
            .into_iter()
            .map(|e| {
                e.map(|labels, _| (Source::Facility(labels.facility.clone()), labels.category))
            })
            .collect(),
    );
    let released = records.zip(cells).zip(undated);
    let ((records, cells), undated) = released.view();
    let mut reports = reports_of(visit, tx, records, cells, undated)?;
    let copies = grant.release(arrived.copies.clone());
    reports.extend(arrived.reports_of(copies.view()));
    visit.seen.listed(copies.view());
    let released = released.zip(copies);
    let facts = released.map(|(((records, mut cells), mut undated), copies)| {
        cells.extend(counted::cells(&copies));
        undated.extend(counted::undated(&copies));
        Facts {
            records,
            cells,
            undated,
            reports,
            remarks: arrived.remarks,
            arrival: arrived.arrival,
            namesakes,
            twins,
            kept,
            kept_back: standing::kept_back(grant),
            marked: None,
        }
    });
    Ok((marks, facts, arrived.copies))
}

/// How many patients of the same facility have the same name, and how many others are alike. Of
/// other facilities' patients nothing is said: their existence is not this facility's to know.
fn alike(
    visit: &Visit<'_>,
    tx: &dyn Reading,
    record: &PatientRecord,
) -> Result<(usize, usize), Fault> {
    let namesakes = tx.same_name(record)?;
    let mut twins = 0;
    // While the index loads there is no warning of twins, and no chart is held up for it.
    for key in visit
        .portal
        .identity
        .alike(&record.patient_key)
        .unwrap_or_default()
    {
        let here = tx
            .registration(&key)?
            .is_some_and(|r| r.facility == record.facility);
        let named = namesakes.iter().any(|n| n.patient_key == key);
        twins += usize::from(here && !named);
    }
    Ok((namesakes.len(), twins))
}

/// Only entries without a day of service.
pub(crate) fn undated_only() -> tasuki_core::ports::EntryFilter {
    tasuki_core::ports::EntryFilter {
        categories: vec![Category::Problem, Category::Allergy, Category::Basic],
        service: tasuki_core::ports::Service::Undated,
        ..Default::default()
    }
}
