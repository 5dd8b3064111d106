//! Addresses that are written out, with the zone of a link-local one.

use std::{
    fs,
    net::{IpAddr, Ipv6Addr, SocketAddr, SocketAddrV6},
};

/// The address that `text` is, if it is one: `10.0.0.1`, `::1`, `fe80::1%eth0`.
pub(crate) fn parse(text: &str, port: u16) -> Option<SocketAddr> {
    if let Some((address, zone)) = text.split_once('%') {
        let address: Ipv6Addr = address.parse().ok()?;
        return (!zone.is_empty()).then(|| SocketAddrV6::new(address, port, 0, index(zone)).into());
    }
    // Go knows no difference between an IPv4 address and the same in IPv6's notation.
    text.parse().ok().map(|ip: IpAddr| SocketAddr::new(ip.to_canonical(), port))
}

/// The number of a network interface, which may be given instead of its name. None of that name is 0, as in Go.
fn index(zone: &str) -> u32 {
    let named = || {
        // A zone comes from a configuration or a file: it must not lead anywhere else.
        let known = !zone.contains('/') && zone != "." && zone != "..";
        let text = known.then(|| fs::read_to_string(format!("/sys/class/net/{zone}/ifindex")).ok());
        text.flatten()?.trim().parse().ok()
    };
    zone.parse().ok().or_else(named).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_names() {
        for (text, shown) in [
            ("10.0.0.1", "10.0.0.1:80"),
            ("::1", "[::1]:80"),
            ("::ffff:10.0.0.1", "10.0.0.1:80"),
            ("fe80::1%7", "[fe80::1%7]:80"),
            ("fe80::1%none-of-this-name", "[fe80::1]:80"),
            ("fe80::1%..", "[fe80::1]:80"),
        ] {
            assert_eq!(parse(text, 80).unwrap().to_string(), shown);
        }
        for text in ["", "localhost", "10.1", "10.0.0.01", "10.0.0.1%eth0", "fe80::1%", "[::1]", "1.2.3.4."] {
            assert_eq!(parse(text, 80), None, "{text}");
        }
    }
}
