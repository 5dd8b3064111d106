//! `resolv.conf`: which servers to ask, and how.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use super::{hosts::read, literal};

/// The port of DNS.
const PORT: u16 = 53;
/// How many servers count; the limit of every resolver.
const SERVERS: usize = 3;
/// How much of the file is read, bytes.
const LIMIT: u64 = 64 << 10;
/// How long the file is taken to stand unchanged, as in Go.
const FRESH: Duration = Duration::from_secs(5);
/// What glibc caps `timeout` (seconds), `attempts` and `ndots` at; the last is Go's cap too.
const CAPS: (u64, usize, usize) = (30, 5, 15);

/// How DNS is asked; the names and defaults are of resolv.conf(5).
#[derive(Debug)]
pub(crate) struct Conf {
    /// Never none.
    pub(crate) servers: Vec<SocketAddr>,
    /// The domains that a name may be in, each with a dot at its end.
    pub(crate) search: Vec<String>,
    /// How many dots make a name likely to be complete.
    pub(crate) ndots: usize,
    /// How long one server may take for one question.
    pub(crate) timeout: Duration,
    /// How often each server is asked.
    pub(crate) attempts: usize,
    /// Whether the servers take turns in being the first.
    pub(crate) rotate: bool,
    /// Whether IPv4 and IPv6 addresses are asked for one after the other.
    pub(crate) single_request: bool,
    /// Whether servers are asked over TCP only.
    pub(crate) use_tcp: bool,
    turn: AtomicUsize,
}

/// What the file said when it was last looked at.
#[derive(Debug)]
struct Seen {
    at: Instant,
    text: String,
    conf: Arc<Conf>,
}

impl Conf {
    /// Reads the text of a `resolv.conf`. What is unknown is ignored; `host` is this machine's name, whose domain is searched
    /// when the file names none.
    pub(crate) fn parse(text: &str, host: &str) -> Self {
        let mut conf = Self {
            servers: Vec::new(),
            search: Vec::new(),
            ndots: 1,
            timeout: Duration::from_secs(5),
            attempts: 2,
            rotate: false,
            single_request: false,
            use_tcp: false,
            turn: AtomicUsize::new(0),
        };
        for line in text.lines().filter(|line| !line.starts_with([';', '#'])) {
            let mut fields = line.split_ascii_whitespace();
            match fields.next() {
                Some("nameserver") if conf.servers.len() < SERVERS => {
                    conf.servers.extend(fields.next().and_then(|address| literal::parse(address, PORT)));
                }
                Some("domain") => conf.search = fields.take(1).map(rooted).collect(),
                Some("search") => conf.search = fields.map(rooted).filter(|domain| domain != ".").collect(),
                Some("options") => fields.for_each(|option| conf.option(option)),
                _ => {}
            }
        }
        if conf.servers.is_empty() {
            conf.servers = vec![(Ipv4Addr::LOCALHOST, PORT).into(), (Ipv6Addr::LOCALHOST, PORT).into()];
        }
        if conf.search.is_empty() {
            let domain = host.split_once('.').map(|(_, domain)| domain).filter(|domain| !domain.is_empty());
            conf.search = domain.map(rooted).into_iter().collect();
        }
        conf
    }

    fn option(&mut self, option: &str) {
        let (key, value) = option.split_once(':').unwrap_or((option, ""));
        // What does not start with a digit counts as the least, as in Go.
        let digits = value.find(|c: char| !c.is_ascii_digit()).map_or(value, |end| &value[..end]);
        let number = digits.parse().unwrap_or(if digits.is_empty() { 0 } else { usize::MAX });
        let (timeout, attempts, ndots) = CAPS;
        match key {
            "ndots" => self.ndots = number.min(ndots),
            "timeout" => self.timeout = Duration::from_secs((number as u64).clamp(1, timeout)),
            "attempts" => self.attempts = number.clamp(1, attempts),
            "rotate" => self.rotate = true,
            "single-request" | "single-request-reopen" => self.single_request = true,
            "use-vc" | "usevc" | "tcp" => self.use_tcp = true,
            _ => {}
        }
    }

    /// The servers in the order to ask them in, as often as they are to be asked.
    pub(crate) fn turns(&self) -> impl Iterator<Item = SocketAddr> {
        let count = self.servers.len();
        let turn = if self.rotate { self.turn.fetch_add(1, Ordering::Relaxed) } else { 0 };
        let first = turn.checked_rem(count).unwrap_or(0);
        self.servers.iter().copied().cycle().skip(first).take(count * self.attempts)
    }
}

/// What the machine's `resolv.conf` says, at most [`FRESH`] ago. None is as good as an empty one.
pub(crate) fn system() -> Arc<Conf> {
    static SEEN: Mutex<Option<Seen>> = Mutex::new(None);
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(seen) = seen.as_ref().filter(|seen| seen.at.elapsed() < FRESH) {
        return Arc::clone(&seen.conf);
    }
    let text = read("/etc/resolv.conf", LIMIT);
    let conf = match seen.take() {
        // Whose turn it is outlives the looking.
        Some(before) if before.text == text => before.conf,
        _ => Arc::new(Conf::parse(&text, read("/proc/sys/kernel/hostname", LIMIT).trim())),
    };
    *seen = Some(Seen { at: Instant::now(), text, conf: Arc::clone(&conf) });
    conf
}

fn rooted(domain: &str) -> String {
    if domain.ends_with('.') { domain.to_owned() } else { format!("{domain}.") }
}

#[cfg(test)]
mod tests;
