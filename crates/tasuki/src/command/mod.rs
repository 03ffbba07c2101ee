//! The subcommands: one file each, one line each in the list.

mod audit;
mod backup;
mod config;
mod consent;
mod directory;
mod disclose;
mod facility;
mod identity;
mod import;
mod index;
mod init;
mod keys;
mod launch;
mod link;
mod peers;
mod quarantine;
mod registries;
mod restore;
mod terminal;
mod user;
mod watch;
mod who;

pub(crate) use import::options as import_options;
pub(crate) use watch::follow;

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::ExitCode;
use tasuki_core::{Code, Fault};

/// One subcommand.
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub usage: &'static str,
    /// What it does, in a line.
    pub does: &'static str,
    run: fn(&[OsString]) -> Result<ExitCode, Fault>,
}

const fn command(
    name: &'static str,
    usage: &'static str,
    does: &'static str,
    run: fn(&[OsString]) -> Result<ExitCode, Fault>,
) -> Command {
    Command {
        name,
        usage,
        does,
        run,
    }
}

/// Every subcommand.
pub const COMMANDS: &[Command] = &[
    command(
        "init",
        "[--name NAME] [--home-community-id OID] [--portal ADDR] [--health ADDR]",
        "makes a data folder with configuration and keys",
        init::run,
    ),
    command("serve", "", "runs the node", crate::serve::run),
    command(
        "import",
        "ss-mix2 ROOT --facility CODE [--verify] [--json]",
        "takes in a hospital's storage",
        import::run,
    ),
    command(
        "watch",
        "ss-mix2 ROOT --facility CODE [--no-events] [--rescan SECONDS] [--transactions DIR] [--index FILE]",
        "takes in what changes in a hospital's storage",
        watch::run,
    ),
    command(
        "quarantine",
        "list [--facility CODE] | show ID | retry ID | drop ID",
        "files that could not be taken in",
        quarantine::run,
    ),
    command(
        "facility",
        "add CODE --name NAME --short SHORT --badge XX --shape SHAPE … | list",
        "facilities of this community",
        facility::run,
    ),
    command(
        "user",
        "add NAME --person NAME --role ROLE --facility CODE [--section S] --password-file F [--unchecked] | list | disable NAME",
        "accounts",
        user::run,
    ),
    command(
        "terminal",
        "add NAME --facility CODE --out FILE.p12 [--place PLACE] | list --facility CODE | revoke ID",
        "terminals and their certificates; the first one of a facility",
        terminal::run,
    ),
    command(
        "link",
        "CODE:ID CODE:ID [--not] | --file LINKS.csv",
        "a person's decision that two registrations are (not) one patient",
        link::run,
    ),
    command(
        "disclose",
        "CODE:ID | --file PATIENTS.csv [--withdraw]",
        "sets or withdraws 開示対象 for a patient",
        disclose::run,
    ),
    command(
        "consent",
        "CODE:ID --by USER [--only-to … --only … --first-day … --last-day … --without … --from … --until … --no-emergency --proxy … --relation …] | --withdraw | --list",
        "what a patient has agreed to: who may see what, from when to when",
        consent::run,
    ),
    command(
        "identity",
        "link RECORDS.csv --pred PRED.csv --review REVIEW.csv [--weights FILE] | explain CODE:ID CODE:ID | part CODE:ID CODE:ID | rebuild | stats",
        "名寄せ: over a file, why two are linked or not, parting two, all anew, numbers",
        identity::run,
    ),
    command("audit", "verify", "checks the audit trail", audit::run),
    command(
        "keys",
        "init | rotate | export-recovery FILE",
        "wrapping and signing keys",
        keys::run,
    ),
    command(
        "backup",
        "FILE --key KEY | key KEY",
        "everything the node keeps, in one encrypted file, while it runs; a key for that",
        backup::run,
    ),
    command(
        "restore",
        "FILE --key KEY [--recovery KEYS]",
        "a backup becomes a data folder that was empty, checked from end to end",
        restore::run,
    ),
    command(
        "directory",
        "key FILE | sign FILE --key KEY | verify [FILE --public-key KEY]",
        "the member directory of the network",
        directory::run,
    ),
    command(
        "launch",
        "key FILE | link CODE:ID",
        "links by which an electronic record opens a chart: a key for it, a link to try",
        launch::run,
    ),
    command(
        "index",
        "stats | reviews | link HOME:ID HOME:ID [--not]",
        "the patient index of the network, where this node holds it",
        index::run,
    ),
    command(
        "peers",
        "check [HOME] [--lang ja|en]",
        "whether the other communities can be asked, and what is wrong",
        peers::run,
    ),
    command(
        "config",
        "check | show [--origin]",
        "the configuration",
        config::run,
    ),
    command(
        "registries",
        "[--json]",
        "pages, kinds, codes, commands as this release has them",
        registries::run,
    ),
];

/// Runs a command line.
///
/// # Errors
/// Whatever the command meets; `CFG-005` where there is no such command.
pub fn run(arguments: Vec<OsString>) -> Result<ExitCode, Fault> {
    let (name, rest) = match arguments.split_first() {
        Some((name, rest)) => (name.to_string_lossy().into_owned(), rest),
        None => (String::new(), &[][..]),
    };
    match name.as_str() {
        "" | "help" | "--help" | "-h" => {
            print_usage();
            Ok(ExitCode::SUCCESS)
        }
        "--version" | "-V" => {
            println!("tasuki {}", env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
        name => match COMMANDS.iter().find(|c| c.name == name) {
            Some(command) => (command.run)(rest),
            None => Err(crate::args::usage(format!(
                "no command {name}; tasuki help lists them"
            ))),
        },
    }
}

fn print_usage() {
    println!(
        "tasuki {}: health information exchange\n",
        env!("CARGO_PKG_VERSION")
    );
    println!("usage: tasuki COMMAND [--data DIR] [--config FILE] …\n");
    for command in COMMANDS {
        println!(
            "  {} {}\n      {}",
            command.name, command.usage, command.does
        );
    }
}

/// Writes a secret that only its owner may read. A file that is there is left as it is.
fn new_secret(file: &Path, text: impl AsRef<[u8]>) -> Result<(), Fault> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let written = options
        .open(file)
        .and_then(|mut file| file.write_all(text.as_ref()));
    written.map_err(|e| Fault::new(Code::UsageWrong, format!("{}: {e}", file.display())))
}
