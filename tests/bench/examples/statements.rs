//! Runs one processor on the bench's own data and nothing else, for who counts the instructions that it takes.
//!
//! ```text
//! statements tests/bench/configs/transform.yaml [SIGNAL] [ROUNDS]
//! ```
//!
//! The file's name is the processor's. Every round is a request of each seed, whose outcome is dropped.

use std::{io::Write, path::Path};

use slimcol_bench::Error;
use slimcol_pdata::{Data, Signal};
use slimcol_service::{Factory, Next, Routes, Signals};
use slimcol_testing::{generate, part_from_yaml};

/// As the bench sends.
const ITEMS: usize = 100;
const SEEDS: u64 = 16;

/// The processors that `bench/configs` has one of.
const FACTORIES: [&Factory; 4] = [
    &slimcol_processor_attributes::FACTORY,
    &slimcol_processor_filter::FACTORY,
    &slimcol_processor_resource::FACTORY,
    &slimcol_processor_transform::FACTORY,
];

fn main() -> Result<(), Error> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("the first argument is a configuration")?;
    let signal = match args.next().as_deref() {
        None | Some("traces") => Signal::Traces,
        Some("logs") => Signal::Logs,
        Some("metrics") => Signal::Metrics,
        Some(other) => return Err(format!("the signal is traces, logs or metrics, not {other}").into()),
    };
    let rounds: usize = args.next().map_or(Ok(10), |rounds| rounds.parse())?;
    let name = Path::new(&path).file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let factory = FACTORIES.into_iter().find(|factory| factory.info.name == name);
    let factory = factory.ok_or_else(|| format!("{path} is named for no processor that is here"))?;
    let section = section(&std::fs::read_to_string(&path)?, name);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let items = runtime.block_on(run(factory, &section, signal, rounds))?;
    writeln!(std::io::stdout(), "{items} items")?;
    Ok(())
}

/// The lines below the processor's key, as the files of `bench/configs` are indented.
fn section(yaml: &str, name: &str) -> String {
    let key = format!("  {name}:");
    let below = yaml.lines().skip_while(|line| *line != key).skip(1);
    below.take_while(|line| line.starts_with("    ")).collect::<Vec<_>>().join("\n")
}

/// How many items went in.
async fn run(factory: &Factory, section: &str, signal: Signal, rounds: usize) -> Result<usize, Error> {
    let next = Next::from_fn(|_| std::future::ready(Ok(())));
    let routes = Routes::new(vec![(signal, signal.to_string(), next)]);
    let part = part_from_yaml(factory, section, factory.info.name, Signals::only(signal), routes).await?;
    let requests = (0..SEEDS).map(|seed| match signal {
        Signal::Traces => generate::traces(seed, ITEMS),
        Signal::Logs => generate::logs(seed, ITEMS),
        Signal::Metrics => generate::metrics(seed, ITEMS),
    });
    let requests: Vec<_> =
        requests.map(|request| Data::from_bytes(signal, request)).collect::<Result<_, _>>()?;
    let mut items = 0;
    for request in std::iter::repeat_n(&requests, rounds).flatten() {
        items += request.items();
        part.push(request.clone()).await.map_err(|refused| refused.source)?;
    }
    part.stop().await;
    Ok(items)
}
