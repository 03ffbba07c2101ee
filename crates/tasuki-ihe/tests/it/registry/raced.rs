//! A submission is looked at before its transaction begins: what others wrote in between holds.

use super::{Document, cx, find, patient, provide};
use crate::world::World;
use std::sync::Barrier;
use tasuki_wire::ebrim::ResponseStatus;

/// Who sends at once.
const SENDERS: usize = 8;
/// How often they do.
const ROUNDS: usize = 5;

#[test]
fn of_the_same_submission_sent_by_many_at_once_one_is_taken() {
    let world = World::new();
    patient(&world, "1", true);
    let cx = cx("1");
    for round in 0..ROUNDS {
        let unique = format!("1.2.9.{round}");
        let barrier = Barrier::new(SENDERS);
        let send = || {
            barrier.wait();
            let document = Document {
                patient: &cx,
                unique: &unique,
                confidentiality: "N",
                more: "",
            };
            provide(&world, &document, b"the same")
        };
        let answers = std::thread::scope(|scope| {
            let sending: Vec<_> = (0..SENDERS).map(|_| scope.spawn(send)).collect();
            let answers = sending.into_iter().map(|sent| sent.join().unwrap());
            answers.collect::<Vec<_>>()
        });
        let (taken, refused): (Vec<_>, Vec<_>) = answers
            .into_iter()
            .partition(|answer| answer.status == ResponseStatus::Success);
        assert_eq!(taken.len(), 1, "round {round}");
        for answer in refused {
            assert_eq!(answer.errors[0].code, "XDSDuplicateUniqueIdInRegistry");
        }
        assert_eq!(find(&world, &cx).found.objects.len(), round + 1);
    }
}
