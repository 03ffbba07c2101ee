//! The node: configuration, listeners, jobs, subcommands
#![forbid(unsafe_code)]
