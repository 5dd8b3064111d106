//! Questions to a DNS server and what its answers say (RFC 1035). Nothing in an answer is trusted: whoever can send packets
//! can send anything.

mod cursor;
mod records;

use std::{borrow::Cow, net::IpAddr};

use self::cursor::{Cursor, Data};
pub use self::records::Record;
use super::error::Why;

/// The longest answer over UDP that is asked for, bytes; Go's, which fits every network (<https://dnsflagday.net/2020/>).
pub(crate) const LONGEST_PACKET: u16 = 1232;

/// How many names may lead to another before one has addresses.
const MOST_ALIASES: usize = 16;
/// How many addresses one name may have.
const MOST_ADDRESSES: usize = 1024;

const HEADER: usize = 12;
const INTERNET: u16 = 1;
const OPTIONS: u16 = 41;

const RESPONSE: u16 = 0x8000;
const AUTHORITATIVE: u16 = 0x0400;
const TRUNCATED: u16 = 0x0200;
const RECURSION_DESIRED: u16 = 0x0100;
const RECURSION_AVAILABLE: u16 = 0x0080;
const CODE: u16 = 0x000f;

const MALFORMED: Why = Why::Other(Cow::Borrowed("cannot unmarshal DNS message"));

/// The kind of records that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Addresses of IPv4.
    A = 1,
    /// Servers of names.
    Ns = 2,
    /// Servers of mail.
    Mx = 15,
    /// Addresses of IPv6.
    Aaaa = 28,
    /// Places of a service.
    Srv = 33,
}

/// One question to one server.
#[derive(Debug)]
pub(crate) struct Question {
    id: u16,
    /// The question as it goes out and must come back: name, kind, class.
    text: Vec<u8>,
    kind: Kind,
}

impl Question {
    /// A question for records of `name`, which is complete. None if it cannot be written down.
    pub(crate) fn new(id: u16, name: &str, kind: Kind) -> Option<Self> {
        let mut text = Vec::with_capacity(name.len() + 5);
        for label in name.strip_suffix('.')?.split('.') {
            let length = u8::try_from(label.len()).ok().filter(|length| matches!(length, 1..=63))?;
            text.push(length);
            text.extend_from_slice(label.as_bytes());
        }
        text.push(0);
        if text.len() > cursor::LONGEST_NAME {
            return None;
        }
        text.extend_from_slice(&(kind as u16).to_be_bytes());
        text.extend_from_slice(&INTERNET.to_be_bytes());
        Some(Self { id, text, kind })
    }

    /// The packet that asks.
    pub(crate) fn packet(&self) -> Vec<u8> {
        // One question, no answers, no authorities, one additional record.
        let mut packet: Vec<u8> =
            [self.id, RECURSION_DESIRED, 1, 0, 0, 1].into_iter().flat_map(u16::to_be_bytes).collect();
        packet.extend_from_slice(&self.text);
        // EDNS0 (RFC 6891), only to say how long the answer may be.
        packet.push(0);
        packet.extend([OPTIONS, LONGEST_PACKET, 0, 0, 0].into_iter().flat_map(u16::to_be_bytes));
        packet
    }

    /// Whether `packet` is an answer to this question and to none other. What is not may be a forgery.
    pub(crate) fn is_answered_by(&self, packet: &[u8]) -> bool {
        let Some([id, flags, questions, ..]) = header(packet) else { return false };
        // The octets of lengths are below the letters, so that they are compared as they are.
        let same = packet
            .get(HEADER..HEADER + self.text.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(&self.text));
        id == self.id && flags & RESPONSE != 0 && questions == 1 && same
    }

    /// The addresses in an answer to this question, never none.
    pub(crate) fn addresses(&self, packet: &[u8]) -> Result<Vec<IpAddr>, Why> {
        let found = self.follow(&self.answers(packet)?);
        if found.is_empty() { Err(Why::NoSuchHost) } else { Ok(found) }
    }

    /// The records in an answer to this question that says that there is such a name.
    fn answers(&self, packet: &[u8]) -> Result<Vec<cursor::Record>, Why> {
        let [_, flags, _, answers, authorities, additional] = header(packet).ok_or(MALFORMED)?;
        let mut cursor = Cursor::new(packet, HEADER + self.text.len());
        let records: Option<Vec<_>> = (0..answers).map(|_| cursor.record()).collect();
        let (code, extended) = match &records {
            Some(_) => extended_code(cursor, authorities, additional),
            None => (0, false),
        };
        match code | flags & CODE {
            0 => {}
            3 => return Err(Why::NoSuchHost),
            _ => return Err(Why::Other("server misbehaving".into())),
        }
        let records = records.ok_or(MALFORMED)?;
        // A server that neither knows nor asks others: the next one may.
        if flags & (AUTHORITATIVE | RECURSION_AVAILABLE) == 0 && records.is_empty() && !extended {
            return Err(Why::Other("lame referral".into()));
        }
        Ok(records)
    }

    /// Whether an address is of the kind that is asked for.
    fn is_for(&self, ip: IpAddr) -> bool {
        self.kind == if ip.is_ipv4() { Kind::A } else { Kind::Aaaa }
    }

    /// The addresses of the name that was asked for or of what it is another name for.
    fn follow(&self, records: &[cursor::Record]) -> Vec<IpAddr> {
        let mut name = self.text[..self.text.len() - 4].to_ascii_lowercase();
        for _ in 0..MOST_ALIASES {
            let alias = records.iter().find_map(|record| match &record.data {
                Data::Alias(target) if record.owner == name => Some(target),
                _ => None,
            });
            let Some(target) = alias else { break };
            name.clone_from(target);
        }
        let address = |record: &cursor::Record| match record.data {
            Data::Address(ip) if record.owner == name && self.is_for(ip) => Some(ip),
            _ => None,
        };
        records.iter().filter_map(address).take(MOST_ADDRESSES).collect()
    }
}

/// Whether the rest of an answer did not fit its packet.
pub(crate) fn is_truncated(packet: &[u8]) -> bool {
    header(packet).is_some_and(|[_, flags, ..]| flags & TRUNCATED != 0)
}

/// Id, flags and the counts of the four sections.
fn header(packet: &[u8]) -> Option<[u16; 6]> {
    let mut cursor = Cursor::new(packet, 0);
    let mut fields = [0; 6];
    for field in &mut fields {
        *field = cursor.u16()?;
    }
    Some(fields)
}

/// The upper bits of the answer's code and whether there are additional records. What is malformed here is of no matter.
fn extended_code(mut cursor: Cursor<'_>, authorities: u16, additional: u16) -> (u16, bool) {
    let mut any = false;
    for nth in 0..u32::from(authorities) + u32::from(additional) {
        let Some(record) = cursor.record() else { break };
        if nth < u32::from(authorities) {
            continue;
        }
        any = true;
        if let Data::Options { code } = record.data {
            return (u16::from(code) << 4, any);
        }
    }
    (0, any)
}

#[cfg(test)]
mod tests;
