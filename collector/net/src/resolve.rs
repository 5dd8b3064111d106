//! Finding the addresses of host names as the Go collector's own resolver does: the hosts file first, then DNS.
//!
//! The C library is not asked: a static glibc loads its name service modules at run time, and these must be of the very
//! version it was linked with, which on another distribution or in an empty container they are not. As a consequence
//! `/etc/nsswitch.conf` is not read, and what only its modules know (mDNS, LDAP, `myhostname`) is not found.

mod conf;
mod error;
mod hosts;
mod literal;
mod message;
mod names;
mod order;
mod query;
mod resolver;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use tokio::time::timeout;

pub(crate) use self::error::LookupError;
use self::{conf::Conf, error::Why, query::Failure};
pub use self::{
    message::{Kind, Record},
    resolver::Resolver,
};

/// How long a lookup may take in all, like Go's default dialer and gRPC's resolver.
const LONGEST: Duration = Duration::from_secs(30);

/// The addresses of `host`, the best first and never none: of a name of `/etc/hosts` or of DNS, or of the address that
/// `host` is. No host is the local one, as in Go.
pub(crate) async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, LookupError> {
    let name = if host.is_empty() { "localhost" } else { host };
    // Most endpoints are addresses; these need no file.
    if let Some(addr) = literal::parse(name, port) {
        return Ok(vec![addr]);
    }
    lookup(name, port, &hosts::system(), &conf::system()).await
}

/// What the hosts file calls an address; the address itself if it does not know it.
pub fn name_of(address: IpAddr) -> String {
    hosts::name(&hosts::system(), address).map_or_else(|| address.to_string(), str::to_owned)
}

/// What `name` is in `hosts` (the text of a hosts file) or else by DNS as `conf` says.
async fn lookup(name: &str, port: u16, hosts: &str, conf: &Conf) -> Result<Vec<SocketAddr>, LookupError> {
    let mut found = hosts::find(hosts, name, port);
    if is_localhost(name) {
        if found.is_empty() {
            // RFC 6761: these names mean this machine, whatever a server says.
            found = vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()];
        }
        // The receivers' own default is to listen on IPv4.
        slimcol_order::sort_by_key(&mut found, SocketAddr::is_ipv6);
        return Ok(found);
    }
    if found.is_empty() {
        found = match timeout(LONGEST, by_dns(name, conf)).await {
            Ok(Ok(found)) => found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect(),
            Ok(Err(Failure { server, why })) => return Err(LookupError::new(name, server, why)),
            Err(_) => return Err(LookupError::new(name, None, Why::Other("i/o timeout".into()))),
        };
    }
    order::sort(&mut found);
    Ok(found)
}

/// Asks for each of the names that `name` may stand for until one has addresses.
async fn by_dns(name: &str, conf: &Conf) -> Result<Vec<IpAddr>, Failure> {
    let mut last = Failure { server: None, why: Why::NoSuchHost };
    for (nth, full) in conf.names(name).iter().enumerate() {
        let answers = if conf.single_request {
            [query::ask(full, Kind::A, conf).await, query::ask(full, Kind::Aaaa, conf).await]
        } else {
            tokio::join!(query::ask(full, Kind::A, conf), query::ask(full, Kind::Aaaa, conf)).into()
        };
        let mut found = Vec::new();
        let mut failure: Option<Failure> = None;
        for answer in answers {
            match answer {
                Ok(addresses) => found.extend(addresses),
                // That one family has no address says less than that the other could not be asked for.
                Err(one) if failure.as_ref().is_none_or(|f| f.why == Why::NoSuchHost) => failure = Some(one),
                Err(_) => {}
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
        // Go tells what befell the name as it was given rather than one of its completions.
        if let Some(failure) = failure.filter(|_| nth == 0 || full.strip_suffix('.') == Some(name)) {
            last = failure;
        }
    }
    Err(last)
}

fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or(name);
    last.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests;
