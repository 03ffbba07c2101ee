//! Group commit, isolation, and processes beside each other.

use crate::place::{Place, facility, local, patient};
use std::sync::Barrier;
use tasuki_core::ports::Store;
use tasuki_core::{Code, Fault};

const THREADS: usize = 8;

fn registered(store: &dyn Store, id: &str) -> bool {
    store
        .reading(|tx| tx.find_registration(&facility(), &local(id)))
        .unwrap()
        .is_some()
}

/// Runs `work` in several threads that begin together.
fn together(work: impl Fn(usize) + Sync) {
    let start = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (start, work) = (&start, &work);
            scope.spawn(move || {
                start.wait();
                work(thread);
            });
        }
    });
}

pub fn writers_share_commits_and_all_are_durable(place: Place) {
    let store = place.open();
    patient(&*store, "first");
    let before = store.commits();
    together(|thread| {
        for turn in 0..25 {
            let id = format!("{thread}-{turn}");
            patient(&*store, &id);
            // Acknowledged means: another process sees it.
            assert!(registered(&*store, &id));
        }
    });
    let commits = store.commits() - before;
    assert!(commits <= 200, "{commits} commits for 200 writes");
    let other = place.open();
    for thread in 0..THREADS {
        for turn in 0..25 {
            assert!(registered(&*other, &format!("{thread}-{turn}")));
        }
    }
}

pub fn a_failing_neighbour_hurts_nobody(place: Place) {
    let store = place.open();
    together(|thread| {
        for turn in 0..20 {
            let id = format!("{thread}-{turn}");
            let fails = (thread + turn) % 3 == 0;
            let done = store.writing(|tx| {
                tx.ensure_registration(&facility(), &local(&id))?;
                if fails {
                    return Err(Fault::new(Code::InternalFault, "on purpose"));
                }
                Ok(())
            });
            assert_eq!(done.is_err(), fails);
            assert_eq!(registered(&*store, &id), !fails, "{id}");
        }
    });
}

pub fn a_panicking_neighbour_hurts_nobody(place: Place) {
    let store = place.open();
    together(|thread| {
        for turn in 0..10 {
            let id = format!("{thread}-{turn}");
            if thread == 0 {
                let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    let _: Result<(), Fault> = store.writing(|tx| {
                        tx.ensure_registration(&facility(), &local(&id))?;
                        panic!("on purpose");
                    });
                }));
                assert!(panicked.is_err());
            } else {
                patient(&*store, &id);
            }
            assert_eq!(registered(&*store, &id), thread != 0);
        }
    });
}

pub fn a_swallowed_fault_is_not_committed(place: Place) {
    let store = place.open();
    let p = patient(&*store, "0001");
    let unknown = tasuki_model::UserId::new("nobody").unwrap();
    let done = store.writing(|tx| {
        tx.set_disclosed(&p, true)?;
        // A session of an account that does not exist breaks a foreign key; the work goes on as
        // if nothing had happened.
        let session = tasuki_core::ports::Session {
            secret_sha256: "s".to_owned(),
            user: unknown.clone(),
            membership: tasuki_core::ports::Membership {
                facility: facility(),
                role: tasuki_model::Role::Nurse,
                section: String::new(),
            },
            started: tasuki_model::Instant::from_micros(1),
            used: tasuki_model::Instant::from_micros(1),
            csrf: String::new(),
            stage: tasuki_core::ports::Stage::Open,
            challenge: String::new(),
            terminal: None,
        };
        let _ = tx.put_session(&session);
        Ok(())
    });
    assert!(done.is_err());
    let record = store.reading(|tx| tx.registration(&p)).unwrap().unwrap();
    assert!(!record.disclosed);
}

pub fn a_read_sees_one_snapshot(place: Place) {
    let store = place.open();
    let writer = place.open();
    patient(&*writer, "0001");
    store
        .reading(|tx| {
            assert!(tx.find_registration(&facility(), &local("0001"))?.is_some());
            patient(&*writer, "0002");
            assert!(tx.find_registration(&facility(), &local("0002"))?.is_none());
            Ok(())
        })
        .unwrap();
    assert!(registered(&*store, "0002"));
}

pub fn two_processes_write_side_by_side(place: Place) {
    let stores: Vec<_> = (0..2).map(|_| place.open()).collect();
    together(|thread| {
        for turn in 0..10 {
            let store = &stores[thread % 2];
            patient(&**store, &format!("{thread}-{turn}"));
            let event = tasuki_core::audit::AuditEvent::of_process(
                tasuki_model::Instant::from_micros(1),
                tasuki_core::audit::Action::Node,
                "test",
                "side by side",
            );
            store.append_audit(&[event]).unwrap();
        }
    });
    assert_eq!(place.count("SELECT COUNT(*) FROM registration"), 80);
    assert_eq!(place.count("SELECT COUNT(*) FROM audit_row"), 80);
    assert_eq!(stores[0].verify_audit().unwrap(), []);
}
