//! Which TCP connections there are (`/proc/net/tcp`, `/proc/net/tcp6`).

use std::collections::{BTreeMap, HashSet};

/// What is counted though there may be none. Two of these names are not those that the kernel's numbers have: Go has it
/// that way.
const ALWAYS: [&str; 12] = [
    "CLOSE_WAIT",
    "CLOSE",
    "CLOSING",
    "DELETE",
    "ESTABLISHED",
    "FIN_WAIT_1",
    "FIN_WAIT_2",
    "LAST_ACK",
    "LISTEN",
    "SYN_SENT",
    "SYN_RECV",
    "TIME_WAIT",
];

/// How many there are in each state.
#[derive(Debug)]
pub(super) struct Connections(BTreeMap<&'static str, u64>);

impl Default for Connections {
    fn default() -> Self {
        Self(ALWAYS.map(|state| (state, 0)).into())
    }
}

impl Connections {
    /// Counts those of a file. What differs in nothing but who holds it counts once.
    pub(super) fn count(&mut self, text: &str) {
        let mut seen = HashSet::new();
        for line in text.lines().skip(1) {
            let mut fields = line.split_ascii_whitespace();
            let (Some(local), Some(remote), Some(number)) = (fields.nth(1), fields.next(), fields.next())
            else {
                continue;
            };
            if fields.nth(5).is_none() || !is_address(local) || !is_address(remote) {
                continue;
            }
            let Some(state) = state(number) else { continue };
            if seen.insert((local, remote, state)) {
                *self.0.entry(state).or_default() += 1;
            }
        }
    }

    /// The states and how many connections each has.
    pub(super) fn by_state(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().map(|(state, count)| (*state, *count))
    }
}

/// An address and a port in hexadecimal digits.
fn is_address(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split_once(':').is_some_and(|(address, port)| {
        [8, 32].contains(&address.len()) && port.len() == 4 && digits(address) && digits(port)
    })
}

/// The kernel's `tcp_states.h`.
fn state(number: &str) -> Option<&'static str> {
    Some(match number {
        "01" => "ESTABLISHED",
        "02" => "SYN_SENT",
        "03" => "SYN_RECV",
        "04" => "FIN_WAIT1",
        "05" => "FIN_WAIT2",
        "06" => "TIME_WAIT",
        "07" => "CLOSE",
        "08" => "CLOSE_WAIT",
        "09" => "LAST_ACK",
        "0A" => "LISTEN",
        "0B" => "CLOSING",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(local: &str, remote: &str, state: &str) -> String {
        format!(
            "   0: {local} {remote} {state} 00000000:00000000 00:00000000 00000000     0        0 101 1 0\n"
        )
    }

    #[test]
    fn what_is_held_twice_counts_once() {
        let (a, b, any) = ("0100007F:1F90", "0100007F:A000", "00000000:0000");
        let lines = [
            line(a, any, "0A"),
            line(a, any, "0A"),
            line(b, a, "01"),
            line(b, any, "05"),
            line(b, any, "FF"),
            line("x", any, "01"),
            "short\n".into(),
        ];
        let mut all = Connections::default();
        all.count(&format!("head\n{}", lines.concat()));
        let found: Vec<_> = all.by_state().filter(|(_, count)| *count > 0).collect();
        assert_eq!(found, [("ESTABLISHED", 1), ("FIN_WAIT2", 1), ("LISTEN", 1)]);
        assert_eq!(all.by_state().count(), 13);
    }

    proptest! {
        #[test]
        fn garbage_is_left_out(text in "([0-9A-F]{1,8}|:| |\n|[a-z]){0,60}") {
            Connections::default().count(&text);
        }
    }
}
