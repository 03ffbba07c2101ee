//! `tasuki audit verify`: every stream from end to end, against its signed segments; that of the
//! network's patient index too, where this node holds it.

use crate::args::{Args, usage};
use crate::node;
use crate::serve::index_store;
use std::ffi::OsString;
use std::process::ExitCode;
use tasuki_core::audit::Action;
use tasuki_core::{Code, Fault};

pub(super) fn run(arguments: &[OsString]) -> Result<ExitCode, Fault> {
    let args = Args::read(arguments, &[], &[])?;
    if args.words != ["verify"] {
        return Err(usage("audit verify"));
    }
    let node = node::open(&args)?;
    let mut findings = node.store.verify_audit()?;
    // The index of the network has a trail of its own.
    if let Some(index) = index_store(&args, &node)? {
        findings.extend(index.verify_audit()?);
        index.close()?;
    }
    for (stream, finding) in &findings {
        println!("{stream}: {finding}");
    }
    let what = format!("{} findings", findings.len());
    node.store
        .append_audit(&[node.event(Action::AuditView, "audit verify", what)])?;
    node.store.close()?;
    if findings.is_empty() {
        println!("ok");
        return Ok(ExitCode::SUCCESS);
    }
    let what = format!("{} findings in the audit trail", findings.len());
    Err(Fault::new(Code::AuditBroken, what))
}
