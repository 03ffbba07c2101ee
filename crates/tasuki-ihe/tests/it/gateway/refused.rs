//! A statement that a community refuses is kept and told again later, and holds up none of the others; but what opens
//! a patient waits for that patient's withdrawal.

use super::{HOME, Other, community, visit};
use crate::registry::patient;
use crate::soap::KEYS;
use crate::world::{Noon, World, facility};
use base64::Engine;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tasuki_core::linking::across::id_here;
use tasuki_core::policy::AssertedCodes;
use tasuki_core::ports::{ForeignRequest, LinkSide, LinkWaiting, RequestEnd, RequestState, Signer};
use tasuki_core::{Clock, Code};
use tasuki_ihe::communities::{Asserting, Communities};
use tasuki_ihe::soap::Asking;
use tasuki_ihe::statement::tell;
use tasuki_ihe::xua::AssertingParty;
use tasuki_model::{CommunityId, Demographics, JstDay, RequestId, UserId};
use tasuki_wire::saml::SigningKey;
use tasuki_wire::soap::Envelope;

const REFUSES: &str = "<s:Fault xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Code>\
     <s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang='en'>no</s:Text></s:Reason></s:Fault>";

/// The statement of a request.
fn stated(envelope: &Envelope) -> serde_json::Value {
    let text = envelope.body.first("Text").unwrap().text();
    let text = base64::engine::general_purpose::STANDARD.decode(text.trim());
    let read: serde_json::Value = serde_json::from_slice(&text.unwrap()).unwrap();
    read["told"].clone()
}

/// A community that refuses every withdrawal of some patients until it is mended.
struct Net {
    world: World,
    communities: Communities,
    /// Kind and patient of what it was told, with whether it has taken it.
    told: Arc<Mutex<Vec<(String, String, bool)>>>,
    mended: Arc<AtomicBool>,
}

impl Net {
    /// Patients of ours, each withdrawn; `refused` says whose withdrawal is.
    fn new(count: usize, refused: fn(usize) -> bool) -> Self {
        let world = World::new();
        let peer = CommunityId::new(HOME).unwrap();
        world
            .store
            .writing(|tx| tx.set_withdrawal_peers(std::slice::from_ref(&peer)))
            .unwrap();
        let mut ids = Vec::new();
        for n in 0..count {
            patient(&world, &n.to_string(), true);
            let person = world.record("hzln", &n.to_string()).unwrap().person;
            let pid = world.store.writing(|tx| tx.issue_xad_pid(&person)).unwrap();
            ids.push(pid.to_string());
            world.disclose("hzln", &n.to_string(), false);
        }
        let (told, mended) = (Arc::new(Mutex::default()), Arc::new(AtomicBool::new(false)));
        let (kept, open): (Arc<Mutex<Vec<_>>>, _) = (Arc::clone(&told), Arc::clone(&mended));
        let other = Other::new(move |envelope| {
            let what = stated(envelope);
            let kind = what["kind"].as_str().unwrap().to_owned();
            let named = [&what["patient"], &what["outcome"]["patient"]];
            let named = named.into_iter().find_map(|value| value.as_str());
            let Some(n) = ids.iter().position(|id| Some(id.as_str()) == named) else {
                return Ok((
                    "<Taken xmlns='urn:tasuki:statement:1'/>".to_owned(),
                    Vec::new(),
                ));
            };
            let no = kind == "withdrawal" && refused(n) && !open.load(Ordering::SeqCst);
            kept.lock().unwrap().push((kind, n.to_string(), !no));
            let says = if no {
                REFUSES
            } else {
                "<Taken xmlns='urn:tasuki:statement:1'/>"
            };
            Ok((says.to_owned(), Vec::new()))
        });
        let own = CommunityId::new("2.25.1").unwrap();
        let asks = Arc::new(other) as Arc<dyn Asking>;
        let communities = Communities::new(Arc::clone(&world.network), asks, own.clone());
        communities.set_asserting(Some(Asserting {
            party: AssertingParty {
                key: SigningKey::from_pkcs8(&KEYS.0).unwrap(),
                certificate: None,
                issuer: "urn:ours".into(),
                home: own,
            },
            codes: AssertedCodes::standard().unwrap(),
        }));
        Self {
            world,
            communities,
            told,
            mended,
        }
    }

    /// A request of that community for a patient of ours that was approved, and of which it is to be told.
    fn approved(&self, n: usize) {
        let peer = CommunityId::new(HOME).unwrap();
        let named = RequestId::new(&format!("r-{n}")).unwrap();
        let record = self.world.record("hzln", &n.to_string()).unwrap();
        let request = ForeignRequest {
            id: id_here(&peer, &named).unwrap(),
            named,
            community: peer.clone(),
            facility: "西診療所".into(),
            phone: "".into(),
            to: facility("hzln"),
            own_id: "W-1".into(),
            demographics: Demographics::default(),
            their_id: None,
            agreed: JstDay::from_epoch_days(20_000),
            signer: Signer::Patient,
            viewers: Vec::new(),
            state: RequestState::Approved,
            at: Noon.now(),
            end: Some(RequestEnd {
                by: UserId::new("clerk").unwrap(),
                at: Noon.now(),
                reason: String::new(),
                tied: Some(record.patient_key),
            }),
        };
        let waiting = LinkWaiting {
            peer,
            request: request.id.clone(),
            side: LinkSide::Foreign,
            at: Noon.now(),
        };
        let put = self.world.store.writing(|tx| {
            tx.put_foreign_request(&request)?;
            tx.put_link_waiting(&waiting)
        });
        put.unwrap();
    }

    /// Rounds until nothing more is taken; how the last one ended, and what was told.
    fn rounds(&self, seconds: i64) -> (Option<Code>, Vec<(String, String, bool)>) {
        let mut to = community();
        let statement = to.endpoints.values().next().unwrap().clone();
        to.endpoints.insert("TASUKI-1".into(), statement);
        let now = Noon.now().plus_seconds(seconds);
        let ended = loop {
            match tell(&self.communities, &to, &visit(), now) {
                Ok(0) => break None,
                Ok(_) => {}
                Err(no) => break Some(no.code),
            }
        };
        (ended, std::mem::take(&mut *self.told.lock().unwrap()))
    }
}

fn line(kind: &str, patient: usize, taken: bool) -> (String, String, bool) {
    (kind.to_owned(), patient.to_string(), taken)
}

#[test]
fn a_refused_statement_holds_up_no_other_and_is_told_again_later() {
    let net = Net::new(3, |n| n == 0);
    net.approved(0);
    net.approved(1);
    let (ended, mut told) = net.rounds(0);
    assert_eq!(ended, None);
    told.sort();
    let now = [
        line("link-answer", 1, true),
        line("withdrawal", 0, false),
        line("withdrawal", 1, true),
        line("withdrawal", 2, true),
    ];
    assert_eq!(
        told, now,
        "the patient whose withdrawal waits is not opened"
    );
    assert_eq!(net.rounds(1), (None, Vec::new()), "not yet again");
    let again = vec![line("withdrawal", 0, false)];
    assert_eq!(net.rounds(2), (None, again), "and again");
    net.mended.store(true, Ordering::SeqCst);
    assert_eq!(net.rounds(5), (None, Vec::new()), "each time later");
    let late = vec![line("withdrawal", 0, true), line("link-answer", 0, true)];
    assert_eq!(net.rounds(6), (None, late), "in this order");
    assert_eq!(net.rounds(7_200), (None, Vec::new()));
}

#[test]
fn who_refuses_everything_is_asked_a_few_times_a_round_and_whatever_is_behind_comes_still() {
    let net = Net::new(25, |n| n < 24);
    let (mut refused, mut taken) = (Vec::new(), 0);
    for round in 0..3 {
        let (ended, told) = net.rounds(0);
        let all = round == 2;
        assert_eq!(ended.is_none(), all, "round {round}: {ended:?}");
        refused.push(told.iter().filter(|one| !one.2).count());
        taken += told.iter().filter(|one| one.2).count();
    }
    assert_eq!(refused, [10, 10, 4], "ten refusals end a round");
    assert_eq!(taken, 1);
    assert_eq!(net.rounds(1), (None, Vec::new()));
}
