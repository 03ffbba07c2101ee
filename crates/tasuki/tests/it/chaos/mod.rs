//! Four communities under load while the lines between them are cut, slowed and corrupted: nobody is
//! shown another's record, no gap is without a name, what was acknowledged is there afterwards, and
//! every node ends in order. `cargo xtask soak chaos` runs it for longer.

mod ledger;
mod load;
mod network;
mod side;
mod source;

use ledger::Ledger;
use load::Run;
use network::Network;
use side::directory;
use source::Source;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

fn from_environment(name: &str, otherwise: u64) -> u64 {
    let said = std::env::var(name).ok();
    said.map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn chaos_on_the_lines_between_four_communities_harms_nobody() {
    let seed = from_environment("TASUKI_SEED", 1);
    let seconds = from_environment("TASUKI_CHAOS_SECONDS", 30);
    let mut network = Network::new(seed);
    let directory = directory(&network);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ledger = Ledger::default();
    let run = Run {
        network: &network,
        directory: &directory,
        ledger: &ledger,
    };
    let source = Source::new(&network, &runtime);
    let until = Instant::now() + Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        for n in 0..run.network.places.len() {
            let (run, runtime) = (&run, &runtime);
            scope.spawn(move || {
                let _inside = runtime.enter();
                run.asks(n, until, seed);
            });
        }
        run.provides(&source, until, seed);
    });
    network.calm();
    let _inside = runtime.enter();
    run.everything_is_there();
    let count = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
    let documents: usize = ledger
        .acknowledged
        .lock()
        .unwrap()
        .values()
        .map(BTreeSet::len)
        .sum();
    let connections: usize = network.places.iter().map(|p| p.link.connections()).sum();
    println!(
        "{seconds} seconds of chaos, {} questions, {} gaps, {documents} documents acknowledged, \
         {} read, {connections} connections",
        count(&ledger.asked),
        count(&ledger.gaps),
        count(&ledger.fetched),
    );
    assert!(count(&ledger.gaps) > 0 && documents > 0 && count(&ledger.fetched) > 0);
    network.stop();
}
