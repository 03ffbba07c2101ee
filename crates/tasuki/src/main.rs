//! The node as a program: everything is in the library.
#![forbid(unsafe_code)]

/// Answers are made of many small texts on many threads, where glibc's allocator took a fifth of the
/// time (`cargo xtask bench registry`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    tasuki::run(std::env::args_os().skip(1).collect())
}
