//! What the kernel counts of remote calls (`/proc/net/rpc/nfs` and `nfsd`).

use super::{
    names::{CLIENT_OPERATIONS_4, PROCEDURES_3, PROCEDURES_4, SERVER_OPERATIONS_4},
    table::{
        CLIENT_AUTHREFRESH, CLIENT_CONNECTIONS, CLIENT_NET, CLIENT_OPERATIONS, CLIENT_PROCEDURES,
        CLIENT_RETRANSMIT, CLIENT_RPC, SERVER_CONNECTIONS, SERVER_IO, SERVER_NET, SERVER_OPERATIONS,
        SERVER_PROCEDURES, SERVER_REPCACHE, SERVER_RPC, SERVER_STALE, SERVER_THREADS,
    },
};
use crate::number::whole;

/// A point.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) metric: usize,
    pub(super) value: u64,
    pub(super) of: Of,
}

/// What is counted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// All there is.
    All,
    /// What is of a kind (`tcp`).
    Kind(&'static str),
    /// A call by the version of the protocol and its name.
    Call(i64, &'static str),
}

/// What a column of a line is: the metric and what it counts.
type Column = Option<(usize, Of)>;

/// What the client counts.
pub(super) fn client(text: &str) -> Result<Vec<Count>, String> {
    counted(text, "nfs", |key, values| match key {
        "net" => columns(
            values,
            [
                None,
                Some((CLIENT_NET, Of::Kind("udp"))),
                Some((CLIENT_NET, Of::Kind("tcp"))),
                Some((CLIENT_CONNECTIONS, Of::All)),
            ],
            "parsing nfs client network stats",
        ),
        "rpc" => columns(
            values,
            [
                Some((CLIENT_RPC, Of::All)),
                Some((CLIENT_RETRANSMIT, Of::All)),
                Some((CLIENT_AUTHREFRESH, Of::All)),
            ],
            "parsing nfs client RPC stats",
        ),
        "proc3" => calls(values, CLIENT_PROCEDURES, 3, &PROCEDURES_3),
        // What clients call procedures are operations of the only one that there is.
        "proc4" => calls(values, CLIENT_OPERATIONS, 4, &CLIENT_OPERATIONS_4),
        _ => Ok(Vec::new()),
    })
}

/// What the server counts.
pub(super) fn server(text: &str) -> Result<Vec<Count>, String> {
    let cached = |status| Some((SERVER_REPCACHE, Of::Kind(status)));
    let wrong = |kind| Some((SERVER_RPC, Of::Kind(kind)));
    counted(text, "nfsd", |key, values| match key {
        "rc" => columns(
            values,
            [cached("hit"), cached("miss"), cached("nocache")],
            "parsing nfs server repcache stats",
        ),
        "fh" => columns(values, [Some((SERVER_STALE, Of::All))], "parsing nfs server fh stats"),
        "io" => columns(
            values,
            [Some((SERVER_IO, Of::Kind("receive"))), Some((SERVER_IO, Of::Kind("transmit")))],
            "parsing nfs server io stats",
        ),
        "th" => columns(values, [Some((SERVER_THREADS, Of::All))], "parsing nfs server thread stats"),
        "net" => columns(
            values,
            [
                None,
                Some((SERVER_NET, Of::Kind("udp"))),
                Some((SERVER_NET, Of::Kind("tcp"))),
                Some((SERVER_CONNECTIONS, Of::All)),
            ],
            "parsing nfs server network stats",
        ),
        "rpc" => columns(
            values,
            [None, None, wrong("format"), wrong("auth"), wrong("client")],
            "parsing nfs client RPC stats",
        ),
        "proc3" => calls(values, SERVER_PROCEDURES, 3, &PROCEDURES_3),
        "proc4" => calls(values, SERVER_PROCEDURES, 4, &PROCEDURES_4),
        "proc4ops" => calls(values, SERVER_OPERATIONS, 4, &SERVER_OPERATIONS_4),
        _ => Ok(Vec::new()),
    })
}

/// All lines of a file.
fn counted(
    text: &str,
    file: &str,
    read: impl Fn(&str, &[u64]) -> Result<Vec<Count>, String>,
) -> Result<Vec<Count>, String> {
    let mut all = Vec::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let [key, values @ ..] = fields.as_slice() else {
            return Err(format!("Invalid line (<2 fields) in /proc/net/rpc/{file}: {line}"));
        };
        if values.is_empty() {
            return Err(format!("Invalid line (<2 fields) in /proc/net/rpc/{file}: {line}"));
        }
        // The rest of this line are times that kernels have not been filling in for long.
        let values = if *key == "th" { &values[..1] } else { values };
        // Lines that nobody knows may have anything.
        let known = ["rc", "fh", "io", "th", "net", "rpc", "proc3", "proc4", "proc4ops"].contains(key);
        if !known {
            continue;
        }
        let number = |text: &&str| {
            whole(text).map_err(|error| format!("failed to convert string '{text}' to uint64: {error}"))
        };
        let values = values.iter().map(number).collect::<Result<Vec<_>, _>>().map_err(|error| {
            format!("error parsing line to Uint64 in /proc/net/rpc/{file}: {line}: {error}")
        })?;
        let failed = |error| format!("error parsing line in /proc/net/rpc/{file}: {line}: {error}");
        all.extend(read(key, &values).map_err(failed)?);
    }
    Ok(all)
}

fn columns<const N: usize>(values: &[u64], columns: [Column; N], what: &str) -> Result<Vec<Count>, String> {
    if values.len() < N {
        return Err(format!("{what}: unexpected field count"));
    }
    let count =
        |(value, column): (&u64, Column)| column.map(|(metric, of)| Count { metric, value: *value, of });
    Ok(values.iter().zip(columns).filter_map(count).collect())
}

/// Calls by number, behind how many there are. Those that have no name are left out.
fn calls(values: &[u64], metric: usize, version: i64, names: &[&'static str]) -> Result<Vec<Count>, String> {
    let [many, values @ ..] = values else { return Err("found empty stats line".into()) };
    if values.is_empty() {
        return Err("found empty stats line".into());
    }
    if values.len() as u64 != *many {
        return Err("parsing nfs stats: unexpected field count".into());
    }
    let known = values.iter().zip(names).filter(|(_, name)| !name.is_empty());
    Ok(known.map(|(value, name)| Count { metric, value: *value, of: Of::Call(version, name) }).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn calls_have_names() {
        let all = server("proc4ops 5 1 2 3 4 5\nwdeleg_getattr\t0\nproc3 2 7 8\nth 8 0 0.000\n").unwrap();
        let expected = [
            (SERVER_OPERATIONS, 4, Of::Call(4, "ACCESS")),
            (SERVER_OPERATIONS, 5, Of::Call(4, "CLOSE")),
            (SERVER_PROCEDURES, 7, Of::Call(3, "NULL")),
            (SERVER_PROCEDURES, 8, Of::Call(3, "GETATTR")),
            (SERVER_THREADS, 8, Of::All),
        ];
        assert_eq!(all, expected.map(|(metric, value, of)| Count { metric, value, of }));
    }

    #[test]
    fn mistakes_are_named() {
        for (line, error) in [
            ("net", "Invalid line (<2 fields) in /proc/net/rpc/nfs: net"),
            (
                "net 1 2",
                "error parsing line in /proc/net/rpc/nfs: net 1 2: parsing nfs client network stats: unexpected field count",
            ),
            (
                "proc3 2 1",
                "error parsing line in /proc/net/rpc/nfs: proc3 2 1: parsing nfs stats: unexpected field count",
            ),
            ("proc3 0", "error parsing line in /proc/net/rpc/nfs: proc3 0: found empty stats line"),
            (
                "rpc x",
                "error parsing line to Uint64 in /proc/net/rpc/nfs: rpc x: failed to convert string 'x' to uint64: \
                 strconv.ParseUint: parsing \"x\": invalid syntax",
            ),
        ] {
            assert_eq!(client(line), Err(error.into()));
        }
    }

    proptest! {
        #[test]
        fn garbage_is_refused(text in "(net|rpc|proc4ops|th|[0-9]{1,22}|x| |\n){0,40}") {
            let _ = (client(&text), server(&text));
        }
    }
}
