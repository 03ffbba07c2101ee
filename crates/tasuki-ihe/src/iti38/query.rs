//! FindDocuments as we ask it of another community (ITI TF-2 3.18.4.1.2.3.7.1).

use crate::dialect::{Dialect, Times, in_japan};
use tasuki_model::time::{Instant, JstTime};
use tasuki_model::xds::ObjectType;
use tasuki_model::{AvailabilityStatus, CommunityId};
use tasuki_wire::ebrim::{AdhocQuery, Parameter, ReturnType, Value};

const FIND_DOCUMENTS: &str = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d";

/// Which part of a patient's documents one request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of them, of both kinds.
    All,
    /// Those that are made when they are fetched: they have no `creationTime`.
    OnDemand,
    /// Those that were made from one moment on and before another.
    Made(Instant, Instant),
}

impl Part {
    /// Both halves of a span; nothing where it is as short as its time can be written.
    pub fn halves(self) -> Option<[Self; 2]> {
        let Self::Made(from, to) = self else {
            return None;
        };
        let seconds = to.seconds_since(from);
        let middle = from.plus_seconds(seconds / 2);
        (seconds > 1).then_some([Self::Made(from, middle), Self::Made(middle, to)])
    }
}

fn words<'v>(name: &str, values: impl IntoIterator<Item = &'v str>) -> Parameter {
    let values = values.into_iter().map(|v| Value::Text(v.to_owned()));
    Parameter {
        name: name.to_owned(),
        values: values.collect(),
        list: true,
    }
}

fn time(name: &str, moment: Instant, times: Times) -> Parameter {
    let text = match times {
        Times::Utc => JstTime::from_instant(moment).xds(),
        Times::Jst => in_japan(moment),
    };
    Parameter {
        name: name.to_owned(),
        values: vec![Value::Bare(text)],
        list: false,
    }
}

/// The query. `patient` is an id of the community that is asked (CX).
pub(super) fn query(
    dialect: &Dialect,
    home: &CommunityId,
    patient: &str,
    part: Part,
) -> AdhocQuery {
    let kinds: &[ObjectType] = match part {
        Part::All => &[ObjectType::Stable, ObjectType::OnDemand],
        Part::OnDemand => &[ObjectType::OnDemand],
        Part::Made(..) => &[ObjectType::Stable],
    };
    let mut parameters = vec![
        Parameter {
            list: false,
            ..words("$XDSDocumentEntryPatientId", [patient])
        },
        words(
            "$XDSDocumentEntryStatus",
            [AvailabilityStatus::Approved.urn()],
        ),
        words("$XDSDocumentEntryType", kinds.iter().map(|k| k.urn())),
    ];
    if let Part::Made(from, to) = part {
        let times = dialect.answers.times;
        parameters.push(time("$XDSDocumentEntryCreationTimeFrom", from, times));
        parameters.push(time("$XDSDocumentEntryCreationTimeTo", to, times));
    }
    AdhocQuery {
        id: FIND_DOCUMENTS.to_owned(),
        home: Some(dialect.home(home)),
        returns: ReturnType::LeafClass,
        parameters,
    }
}
