//! ADT^A31 of the notification, written; its acknowledgement, read (ITI TF-2 3.10.4.1.2).

use super::ask::Consumer;
use crate::iti9::write_identifiers;
use crate::peers::Domains;
use tasuki_core::ports::PersonIdentifier;
use tasuki_model::Instant;
use tasuki_wire::hl7::{Limits, MessageBuilder, Text, comps};

/// The notification of one person.
pub(super) fn write(
    consumer: &Consumer,
    own: [&str; 2],
    now: Instant,
    control_id: &str,
    ids: &[PersonIdentifier],
    domains: &Domains,
) -> MessageBuilder {
    let [application, facility] = own;
    let time = now.in_jst();
    let mut message = MessageBuilder::new();
    message
        .header()
        .set(3, application)
        .set(4, facility)
        .set(5, consumer.application.as_str())
        .set(6, consumer.facility.as_str())
        .set(7, time.text())
        .set(9, comps(["ADT", "A31", "ADT_A05"]))
        .set(10, control_id)
        .set(11, "P")
        .set(12, "2.5");
    message.segment("EVN").set(1, "A31").set(2, time.text());
    write_identifiers(&mut message, ids, |id| domains.of(&id.facility).cloned());
    // Required by the message, and of no meaning here: not applicable.
    message.segment("PV1").set(2, "N");
    message
}

/// What an acknowledgement says of a message: its code, if it is of that message at all.
pub(super) fn acknowledged(bytes: &[u8], control_id: &str) -> Option<String> {
    let limits = Limits {
        bytes: 64 * 1024,
        ..Limits::default()
    };
    let text = Text::decode(bytes, &limits).ok()?;
    let message = text.parse(&limits).ok()?;
    let msa = message.first("MSA")?;
    let of = msa.field(2).value().text()?;
    (of == control_id).then(|| msa.field(1).value().into_string())
}
