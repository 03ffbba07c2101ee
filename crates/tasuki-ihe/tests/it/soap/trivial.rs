//! Two transactions that do next to nothing: one says back what one patient's record holds, one
//! takes a document and counts it.

use crate::world::facility;
use tasuki_core::audit::{Action, AuditedDocument};
use tasuki_core::policy::{Subject, decide_peer};
use tasuki_core::ports::{Incoming, Writing};
use tasuki_core::release::Stored;
use tasuki_core::{Code, Fault, Labelled};
use tasuki_ihe::soap::{
    Answer, Change, Enclosed, Exchange, Handler, Message, Problem, Reply, Stated, Stop, Transaction,
};
use tasuki_model::label::Confidentiality;
use tasuki_model::{Category, Labels, PatientKey};
use tasuki_wire::mtom::Content;
use tasuki_wire::xml::{Document, Namespace, document};

pub const ASK: &str = "urn:test:Ask";
pub const STATE: &str = "urn:test:State";
const TEST: Namespace<'static> = Namespace::new("t", "urn:test");

pub const REGISTRY: &[Transaction] = &[
    Transaction {
        id: "TEST-1",
        title: "Ask",
        actions: &[(ASK, "urn:test:AskResponse")],
        bytes_max: 20_000,
        attachments_max: 1_000,
        audit: Action::DocumentView,
        handler: Handler::Query(ask),
    },
    Transaction {
        id: "TEST-2",
        title: "State",
        actions: &[(STATE, "urn:test:StateResponse")],
        bytes_max: 1_000_000,
        attachments_max: 1_000_000,
        audit: Action::Import,
        handler: Handler::Feed(state),
    },
    Transaction {
        id: "TEST-3",
        title: "Sent by us only",
        actions: &[("urn:test:Sent", "")],
        bytes_max: 1,
        attachments_max: 0,
        audit: Action::Import,
        handler: Handler::Sent,
    },
];

/// `<Ask disclosed='1' size='N'/>`: a content of that many bytes of a patient.
fn ask(exchange: &Exchange<'_>, message: &mut Message<'_>) -> Result<Answer, Stop> {
    let number = |name| message.body.attribute(name).and_then(|n| n.parse().ok());
    let wrong = Problem::new(Code::SoapShape, "Ask/@size");
    let size: usize = number("size").ok_or(wrong)?;
    message.audited.patients = vec!["1^^^&1.2.3&ISO".to_owned()];
    let subject = Subject::new(
        PatientKey::new("p").unwrap(),
        facility("hzln"),
        number("disclosed") == Some(1),
    );
    let labels = Labels {
        patient_key: subject.patient_key.clone(),
        facility: facility("hzln"),
        category: Category::Basic,
        department: None,
        day: None,
        author: None,
        confidentiality: Confidentiality::Normal,
        document: None,
    };
    let grant = decide_peer(exchange.caller.caller(), &[subject])?;
    let found = grant.release(vec![Labelled::new(labels, Stored::new(vec![b'\r'; size]))]);
    let reply = found.try_map(|contents| written(exchange, contents))?;
    Ok(Answer { reply, code: None })
}

fn written(exchange: &Exchange<'_>, contents: Vec<Stored>) -> Result<Reply, Fault> {
    let mut done = Ok(());
    let body = document(TEST, "Asked", |asked| {
        done = asked.content(|w| {
            contents.iter().enumerate().try_for_each(|(n, content)| {
                let element = w.element(TEST, "Content");
                element.content(|w| exchange.enclosing.write(w, n + 1, content))
            })
        });
    });
    done?;
    let enclosed = contents.into_iter().map(|content| Enclosed {
        media_type: "text/plain".to_owned(),
        content,
    });
    let enclosed = enclosed.collect();
    Ok(Reply { body, enclosed })
}

struct Counted(u64);

/// `<State><Document/>…</State>`; `refuse='own'` and `refuse='fault'` refuse it, each when it is
/// written.
fn state(_: &Exchange<'_>, message: &mut Message<'_>) -> Result<Box<dyn Change>, Stop> {
    let mut bytes = 0;
    for element in message.body.elements() {
        bytes += match message.attachments.take(element)? {
            Content::Inline(bytes) => bytes.len() as u64,
            Content::Part(content) => Incoming::size(&content),
        };
        message.audited.documents.push(AuditedDocument {
            unique_id: format!("1.2.{bytes}"),
            repository_id: String::new(),
            home: None,
        });
    }
    Ok(match message.body.attribute("refuse") {
        Some(how) => Box::new(Refused(how.to_owned())),
        None => Box::new(Counted(bytes)),
    })
}

fn taken(text: &str) -> Document {
    document(TEST, "Taken", |t| t.text(text))
}

impl Change for Counted {
    fn write(&self, _: &Exchange<'_>, _: &dyn Writing) -> Result<Stated, Stop> {
        Ok(Stated {
            body: taken(&self.0.to_string()),
            patients: vec![PatientKey::new("p").unwrap()],
            items: 1,
            settles: true,
        })
    }
}

struct Refused(String);

impl Change for Refused {
    fn write(&self, _: &Exchange<'_>, _: &dyn Writing) -> Result<Stated, Stop> {
        Err(match self.0.as_str() {
            "own" => Stop::Refused {
                body: taken("no"),
                code: Code::SoapShape,
            },
            "fault" => Stop::Fault(Fault::new(Code::StoreAway, "gone")),
            _ => Stop::Wrong(Problem::new(Code::SoapShape, "State/@refuse")),
        })
    }
}
