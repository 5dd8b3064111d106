//! The hosts file: names that need no server.

use std::{
    fs::File,
    io::Read,
    net::{IpAddr, SocketAddr},
};

use super::literal;

/// How much of the file is read, bytes: some carry long lists of what is not to be reached.
const LIMIT: u64 = 8 << 20;
/// How many addresses one name may have.
const MOST: usize = 1024;

/// The machine's hosts file as it stands now, empty if there is none. It is small and local: reading it again takes less
/// time than one question to a server.
pub(crate) fn system() -> String {
    read("/etc/hosts", LIMIT)
}

/// The addresses of `name` in the text of a hosts file, in its order.
pub(crate) fn find(hosts: &str, name: &str, port: u16) -> Vec<SocketAddr> {
    let name = unrooted(name);
    let of_line = |line: &str| {
        let mut fields = line.split('#').next()?.split_ascii_whitespace();
        let address = fields.next()?;
        fields.any(|one| unrooted(one).eq_ignore_ascii_case(name)).then(|| literal::parse(address, port))?
    };
    hosts.lines().filter_map(of_line).take(MOST).collect()
}

/// The first name of an address in the text of a hosts file.
pub(crate) fn name(hosts: &str, address: IpAddr) -> Option<&str> {
    hosts.lines().find_map(|line| {
        let mut fields = line.split('#').next()?.split_ascii_whitespace();
        let there = literal::parse(fields.next()?, 0)?;
        fields.next().filter(|_| there.ip() == address).map(unrooted)
    })
}

/// The first `limit` bytes of a file as text; what cannot be read is empty, as for Go.
pub(super) fn read(path: &str, limit: u64) -> String {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    if read.is_err() {
        return String::new();
    }
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

fn unrooted(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTS: &str = "# who is who\n\
        127.0.0.1 localhost\n\
        ::1\tlocalhost ip6-localhost # both\n\
        10.0.0.1  Backend.Example.com backend\r\n\
        10.0.0.2 backend\n\
        not-an-address broken\n\
        10.0.0.3\n\
        fe80::1%4 linked\n\
        10.0.0.4 #commented";

    #[test]
    fn addresses_have_the_first_of_their_names() {
        for (address, found) in [
            ("127.0.0.1", Some("localhost")),
            ("::1", Some("localhost")),
            ("10.0.0.1", Some("Backend.Example.com")),
            ("10.0.0.3", None),
            ("10.0.0.4", None),
        ] {
            assert_eq!(name(HOSTS, address.parse().unwrap()), found, "{address}");
        }
    }

    #[test]
    fn names_are_found_whatever_their_case() {
        for (name, addresses) in [
            ("localhost", &["127.0.0.1:1", "[::1]:1"][..]),
            ("IP6-localhost", &["[::1]:1"]),
            ("backend", &["10.0.0.1:1", "10.0.0.2:1"]),
            ("backend.example.COM", &["10.0.0.1:1"]),
            ("backend.example.com.", &["10.0.0.1:1"]),
            ("linked", &["[fe80::1%4]:1"]),
            ("broken", &[]),
            ("10.0.0.3", &[]),
            ("commented", &[]),
            ("example.com", &[]),
            ("", &[]),
        ] {
            let found: Vec<_> = find(HOSTS, name, 1).iter().map(ToString::to_string).collect();
            assert_eq!(found, addresses, "{name}");
        }
    }
}
