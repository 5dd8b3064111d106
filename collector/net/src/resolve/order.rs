//! Which of a name's addresses to try first: RFC 6724 as far as Go follows it.

use std::{
    cmp::Reverse,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
};

/// The policies of RFC 6724, section 2.1, the longest prefix first: prefix, its bits, precedence, label.
const POLICIES: [(Ipv6Addr, u32, u8, u8); 9] = [
    (Ipv6Addr::LOCALHOST, 128, 50, 0),
    // IPv4 as IPv6 writes it.
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, 35, 4),
    (Ipv6Addr::UNSPECIFIED, 96, 1, 3),
    // Teredo.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, 5, 5),
    // 6to4.
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, 30, 2),
    (Ipv6Addr::new(0x3ffe, 0, 0, 0, 0, 0, 0, 0), 16, 1, 12),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, 1, 11),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, 3, 13),
    (Ipv6Addr::UNSPECIFIED, 0, 40, 1),
];

const LINK_LOCAL: u8 = 2;
const SITE_LOCAL: u8 = 5;
const GLOBAL: u8 = 14;

/// Puts the addresses that this machine can best reach first; equals keep the order of the server.
pub(crate) fn sort(found: &mut [SocketAddr]) {
    if found.len() > 1 {
        let mut ranked: Vec<_> = found.iter().map(|addr| (rank(addr.ip(), source(*addr)), *addr)).collect();
        slimcol_order::sort_by(&mut ranked, |(one, _), (other, _)| one.cmp(other));
        for (place, (_, addr)) in found.iter_mut().zip(ranked) {
            *place = addr;
        }
    }
}

/// The address that packets to `to` would come from, None without a route. Connecting a UDP socket sends nothing.
fn source(to: SocketAddr) -> Option<IpAddr> {
    let any: IpAddr = if to.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).ok()?;
    // Some systems refuse port 0.
    let mut to = to;
    to.set_port(9);
    socket.connect(to).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// Less is better. The rules of section 6 in their order: 1 (reachable), 2 (scope), 5 (label), 6 (precedence), 8 (smaller
/// scope) and, for IPv6 alone, 9 (longest common prefix).
fn rank(to: IpAddr, from: Option<IpAddr>) -> impl Ord + Copy {
    let Some(from) = from else { return (true, false, false, Reverse(0), 0, Reverse(0)) };
    let ((precedence, label), (_, own_label)) = (policy(to), policy(from));
    let common = match (to, from) {
        (IpAddr::V6(to), IpAddr::V6(from)) => common_prefix(to, from),
        // Neighbours in IPv4's numbers are not near each other.
        _ => 0,
    };
    (false, scope(to) != scope(from), label != own_label, Reverse(precedence), scope(to), Reverse(common))
}

/// Precedence and label.
fn policy(ip: IpAddr) -> (u8, u8) {
    let bits = match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped(),
        IpAddr::V6(ip) => ip,
    }
    .to_bits();
    let within = |prefix: Ipv6Addr, length: u32| (bits ^ prefix.to_bits()).leading_zeros() >= length;
    let found = POLICIES.into_iter().find(|(prefix, length, ..)| within(*prefix, *length));
    found.map_or((40, 1), |(_, _, precedence, label)| (precedence, label))
}

/// Section 3.1.
fn scope(ip: IpAddr) -> u8 {
    match ip {
        IpAddr::V4(ip) if ip.is_loopback() || ip.is_link_local() => LINK_LOCAL,
        IpAddr::V6(ip) if ip.is_loopback() || ip.is_unicast_link_local() => LINK_LOCAL,
        IpAddr::V6(ip) if ip.is_multicast() => ip.octets()[1] & 0xf,
        IpAddr::V6(ip) if ip.segments()[0] & 0xffc0 == 0xfec0 => SITE_LOCAL,
        _ => GLOBAL,
    }
}

/// How many of the first 64 bits are the same: the rest names the interface, not the network.
fn common_prefix(a: Ipv6Addr, b: Ipv6Addr) -> u32 {
    (a.to_bits() ^ b.to_bits()).leading_zeros().min(64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_addresses_come_first() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        for (better, worse) in [
            // Reachable before unreachable.
            (("10.0.0.1", Some("10.0.0.9")), ("2a00::1", None)),
            // A matching scope.
            (("10.0.0.1", Some("10.0.0.9")), ("2a00::1", Some("fe80::9"))),
            // A matching label.
            (("10.0.0.1", Some("10.0.0.9")), ("2a00::1", Some("2002::9"))),
            // Precedence: IPv6 before IPv4, IPv4 before a private IPv6.
            (("2a00::1", Some("2a00::9")), ("10.0.0.1", Some("10.0.0.9"))),
            (("10.0.0.1", Some("10.0.0.9")), ("fd00::1", Some("fd00::9"))),
            (("::1", Some("::1")), ("127.0.0.1", Some("127.0.0.1"))),
            // A smaller scope.
            (("fe80::1", Some("fe80::9")), ("2a00::1", Some("2a00::9"))),
            (("169.254.0.1", Some("169.254.0.9")), ("10.0.0.1", Some("10.0.0.9"))),
            // A longer common prefix.
            (("2a00:1::1", Some("2a00:1::9")), ("2a00:2::1", Some("2a00:1::9"))),
        ] {
            let of = |(to, from): (&str, Option<&str>)| rank(ip(to), from.map(ip));
            assert!(of(better) < of(worse), "{better:?} {worse:?}");
        }
    }

    #[test]
    fn equals_keep_their_order() {
        let all = ["127.0.0.9:1", "127.0.0.1:1", "127.0.0.5:1"].map(|a| a.parse::<SocketAddr>().unwrap());
        let mut sorted = all;
        sort(&mut sorted);
        assert_eq!(sorted, all);
    }

    #[test]
    fn the_table_is_sorted_by_length_for_the_longest_to_win() {
        assert!(POLICIES.is_sorted_by_key(|(_, length, ..)| Reverse(*length)));
    }
}
