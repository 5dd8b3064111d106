//! How long a page takes that is known already, and one that is not: nanoseconds a sample.
#![allow(clippy::print_stdout, clippy::cast_precision_loss, reason = "a bench talks, and rounds")]

use std::{fmt::Write, hint::black_box, time::Instant};

use slimcol_exposition::{Entry, Format, Histograms, Page};

const SERIES: usize = 1000;
const ROUNDS: usize = 2000;

fn page() -> String {
    let mut page = String::new();
    for nth in 0..SERIES {
        if nth % 10 == 0 {
            let _ = writeln!(
                page,
                "# HELP requests_{nth}_total How many there were.\n# TYPE requests_{nth}_total counter"
            );
        }
        let family = nth - nth % 10;
        let _ = writeln!(
            page,
            "requests_{family}_total{{method=\"GET\",path=\"/api/v1/items\",code=\"{nth}\"}} {}.5",
            nth * 7
        );
    }
    page
}

fn run(name: &str, page: &str, expected: &[Vec<u8>]) {
    let begin = Instant::now();
    let mut samples = 0;
    for _ in 0..ROUNDS {
        let mut reader = Page::new(page.as_bytes(), Format::Text, Histograms::Classic);
        let mut nth = 0;
        while let Ok(Some(entry)) = reader.next(expected.get(nth).map_or(b"", |series| series)) {
            if let Entry::Sample(sample) = entry {
                black_box(sample.value);
                samples += 1;
                nth += 1;
            }
        }
    }
    assert_eq!(samples, SERIES * ROUNDS);
    println!("{name}: {:.1} ns a sample", begin.elapsed().as_secs_f64() * 1e9 / (SERIES * ROUNDS) as f64);
}

fn main() {
    let page = page();
    let mut expected = Vec::new();
    let mut reader = Page::new(page.as_bytes(), Format::Text, Histograms::Classic);
    while let Ok(Some(entry)) = reader.next(b"") {
        if let Entry::Sample(sample) = entry {
            expected.push(sample.series.to_vec());
        }
    }
    run("unknown", &page, &[]);
    run("expected", &page, &expected);
}
