//! A stored query as a community wants it: the form of its home community id, its clock, and its own
//! codes beside the agreed ones, so that a condition finds there what it would find here.

use super::{CodeLine, Dialect, Times, in_japan};
use tasuki_model::CommunityId;
use tasuki_model::xds::utc_moment;
use tasuki_wire::ebrim::{AdhocQuery, Parameter, Value};

impl Dialect {
    /// A query for a community that speaks this.
    #[must_use]
    pub fn asked(&self, home: &CommunityId, mut query: AdhocQuery) -> AdhocQuery {
        query.home = Some(self.home(home));
        for parameter in &mut query.parameters {
            if self.answers.times == Times::Jst && is_time(&parameter.name) {
                parameter.values.iter_mut().for_each(to_jst);
            }
            with_own_codes(&self.code, parameter);
        }
        query
    }
}

/// Times of creation and service are the community's; that of a submission is its registry's own.
fn is_time(name: &str) -> bool {
    ["CreationTime", "ServiceStartTime", "ServiceStopTime"]
        .iter()
        .any(|time| name.contains(time))
}

fn to_jst(value: &mut Value) {
    if let Some(moment) = utc_moment(value.as_str()) {
        *value = Value::Bare(in_japan(moment));
    }
}

/// Values `code^^scheme` are alternatives: the community's own codes for each are put beside it.
fn with_own_codes(lines: &[CodeLine], parameter: &mut Parameter) {
    let own = |value: &Value| -> Vec<Value> {
        let is =
            |line: &&CodeLine| value.as_str() == format!("{}^^{}", line.to.code, line.to.system);
        let same = lines.iter().filter(is);
        same.map(|line| Value::Text(format!("{}^^{}", line.from.code, line.from.system)))
            .collect()
    };
    let own: Vec<Value> = parameter.values.iter().flat_map(own).collect();
    if !own.is_empty() {
        parameter.list = true;
        parameter.values.extend(own);
    }
}
