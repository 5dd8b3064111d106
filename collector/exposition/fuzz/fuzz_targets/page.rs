//! A page of any format is read to its end or refused; what is expected changes nothing, and every series can be taken apart.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slimcol_exposition::{Entry, Format, Histograms, Page, name, parts};

fn read(page: &[u8], format: Format, histograms: Histograms, expected: &[Vec<u8>]) -> (Vec<Vec<u8>>, Vec<u64>, bool) {
    let mut reader = Page::new(page, format, histograms);
    let (mut series, mut values) = (Vec::new(), Vec::new());
    loop {
        match reader.next(expected.get(series.len()).map_or(b"", |series| series)) {
            Ok(Some(Entry::Sample(sample))) => {
                let mut labels = 0;
                parts(sample.series, |label, value| {
                    if labels == 0 {
                        assert_eq!((label, value), ("__name__", &*name(sample.series)));
                    }
                    labels += 1;
                });
                assert!(labels > 0);
                values.push(sample.value.to_bits());
                series.push(sample.series.to_vec());
            }
            Ok(Some(_)) => {}
            end => return (series, values, end.is_ok()),
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((first, page)) = input.split_first() else { return };
    let format = [Format::Text, Format::OpenMetrics, Format::Proto][usize::from(first % 3)];
    let histograms = [Histograms::Classic, Histograms::Native, Histograms::Both][usize::from(first / 64 % 3)];
    let plain = read(page, format, histograms, &[]);
    assert_eq!(read(page, format, histograms, &plain.0), plain);
});
