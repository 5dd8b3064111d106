use proptest::prelude::*;

use super::*;
use crate::{Format, Time, Zone};

/// What Go's collector 0.159 made of layouts and values: kind, layout, zone, value, and nanoseconds or the message; on
/// 2024-03-10 at noon UTC, with the time zone database of 2025b. Tabs, newlines and backslashes are escaped.
const GO: &str = include_str!("tests/go.tsv");

fn unescaped(text: &str) -> String {
    let mut chars = text.chars();
    let one = move || match chars.next()? {
        '\\' => chars.next().map(|c| match c {
            't' => '\t',
            'n' => '\n',
            c => c,
        }),
        c => Some(c),
    };
    std::iter::from_fn(one).collect()
}

fn noon() -> Time {
    Time { seconds: 1_710_072_000, nanos: 0, zone: Zone::Utc }
}

fn outcome(kind: &str, layout: &str, zone: &str, value: &str) -> String {
    let compiled = if kind == "gotime" { Layout::gotime(layout) } else { Layout::strptime(layout) };
    let layout = match compiled {
        Ok(layout) => layout,
        Err(message) => return message,
    };
    match layout.parse_as_of(value.as_bytes(), &Zone::load(zone).unwrap(), noon) {
        Ok(time) => time.unix_nanos().to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn layouts_read_as_in_go() {
    let mut cases = 0;
    let mut wrong = Vec::new();
    for line in GO.lines() {
        let fields: Vec<_> = line.split('\t').map(unescaped).collect();
        let [kind, layout, zone, value, expected] = &fields[..] else { panic!("no case: {line}") };
        // Without a time zone database only UTC can be told.
        if Zone::load(zone).is_err() {
            continue;
        }
        let found = outcome(kind, layout, zone, value);
        cases += 1;
        if found != *expected {
            wrong.push(format!("{kind} {layout:?} {zone} {value:?}\n  Go:   {expected}\n  ours: {found}"));
        }
    }
    assert!(cases > 50, "{cases} cases");
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
}

proptest! {
    #[test]
    fn nothing_panics(layout in ".{0,24}", value in proptest::collection::vec(any::<u8>(), 0..40)) {
        for layout in [Layout::gotime(&layout), Layout::strptime(&layout)].into_iter().flatten() {
            let _ = layout.parse(&value, &Zone::Utc);
        }
        let written = Format::gotime(&layout).text(&noon());
        prop_assert!(written.len() <= 16 * layout.len());
    }

    #[test]
    fn what_is_written_reads_back(seconds in -62_000_000_000_i64..250_000_000_000, nanos in 0_u32..1_000_000_000) {
        let time = Time { seconds, nanos, zone: Zone::Utc };
        for layout in ["%Y-%m-%dT%H:%M:%S.%s%z", "%c .%s", "%A %d %B %Y %r,%s", "%D %I %p %H:%M:%S.%s"] {
            let text = Format::strptime(layout).unwrap().text(&time);
            let read = Layout::strptime(layout).unwrap().parse(text.as_bytes(), &Zone::Utc).unwrap();
            prop_assert_eq!((read.seconds, read.nanos), (seconds, nanos), "{}", text);
        }
    }
}
