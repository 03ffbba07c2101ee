//! Every transaction of the registry leaves one event, whoever sends it and whatever is in it: a
//! transaction that is added is held to it without a line here.

use super::{Sent, post};
use crate::world::{Noon, World};
use std::path::Path;
use std::process::Command;
use tasuki_core::audit::{AuditEvent, Ending, Side as Asked};
use tasuki_core::policy::AssertedCodes;
use tasuki_core::{Clock, Code};
use tasuki_ihe::Side;
use tasuki_ihe::atna::Reporting;
use tasuki_ihe::iti46::NOTIFICATIONS;
use tasuki_ihe::soap::TRANSACTIONS;
use tasuki_model::CommunityId;

/// The one event that a message leaves.
fn event_of(world: &World, id: &str, action: &str, sent: Sent) -> AuditEvent {
    // A notification looks like a feed, and is taken under an address of its own.
    let registry = match id {
        "ITI-46" => NOTIFICATIONS,
        _ => TRANSACTIONS,
    };
    let before = world.events().len();
    post(world, registry, action, sent);
    let mut events = world.events();
    assert_eq!(events.len(), before + 1, "{action}");
    events.pop().unwrap()
}

/// The message of an event, for `xmllint`.
fn written(folder: &Path, name: &str, event: &AuditEvent) -> std::path::PathBuf {
    let reporting = Reporting {
        home: CommunityId::new("2.25.1").unwrap(),
        host: "own.example.jp".to_owned(),
        system: "own.example.jp".to_owned(),
        process: 7,
        codes: AssertedCodes::standard().unwrap(),
    };
    let path = folder.join(format!("{name}.xml"));
    std::fs::write(&path, reporting.message(event).encode().as_str()).unwrap();
    path
}

#[test]
fn every_transaction_leaves_one_event_that_is_valid_also_where_it_is_refused() {
    let world = World::new();
    let folder = std::env::temp_dir().join(format!("tasuki-audited-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let schema = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/ihe/schema/atna/dicom2017c.xsd");
    let mut xmllint = Command::new("xmllint");
    xmllint.arg("--noout").arg("--schema").arg(schema);
    let taken = TRANSACTIONS.iter().filter(|t| t.side() == Side::Answers);
    let mut count = 0;
    for transaction in taken {
        for (n, (action, _)) in transaction.actions.iter().enumerate() {
            let stranger = Sent {
                certificate: Some([77; 32]),
                ..Sent::default()
            };
            let unknown = event_of(&world, transaction.id, action, stranger);
            let unreadable = event_of(&world, transaction.id, action, Sent::default());
            for (what, event) in [("stranger", &unknown), ("unreadable", &unreadable)] {
                let exchange = event.exchange.as_ref().unwrap();
                assert_eq!(exchange.transaction, transaction.id, "{action}");
                assert_eq!(exchange.side, Asked::Answered);
                assert_eq!(
                    (event.action, event.ending),
                    (transaction.audit, Ending::Refused)
                );
                assert_eq!(event.at, Noon.now());
                let name = format!("{}-{n}-{what}", transaction.id);
                xmllint.arg(written(&folder, &name, event));
                count += 1;
            }
            assert_eq!(unknown.code.as_deref(), Some(Code::PeerUnknown.id()));
            assert!(unreadable.code.is_some(), "{action}");
        }
    }
    let found = xmllint.output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let said = String::from_utf8_lossy(&found.stderr);
    assert!(found.status.success(), "{said}");
    assert!(count >= 2 * TRANSACTIONS.len(), "{count}");
}
