//! Logs: one JSON object a line on standard error, for the journal. No patient data: what may be
//! logged has no way to hold any.

/// Starts logging for a long-running command. A second start is ignored.
pub(crate) fn start() {
    use tracing_subscriber::fmt;
    let subscriber = fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing::Level::INFO)
        .with_writer(std::io::stderr)
        .finish();
    let _ = tracing::subscriber::set_global_default(subscriber);
}
