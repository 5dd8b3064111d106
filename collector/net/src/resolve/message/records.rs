//! What an answer says of a name besides its addresses.

use std::{fmt::Write, net::IpAddr};

use super::{
    Kind, MALFORMED, MOST_ADDRESSES, Question,
    cursor::{Cursor, Data},
};
use crate::resolve::error::Why;

/// A record of the kind that was asked for. Names have a dot at their end, and are written as Go's programs write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// An address.
    Address(IpAddr),
    /// A host that has mail or names.
    Host(String),
    /// Where a service is.
    Service {
        /// The host.
        host: String,
        /// Its port there.
        port: u16,
    },
}

impl Question {
    /// All records of the asked kind in an answer to this question, whoever's they are: that is what Prometheus takes.
    pub(crate) fn records(&self, packet: &[u8]) -> Result<Vec<Record>, Why> {
        let mut found = Vec::new();
        for record in self.answers(packet)? {
            let one = match record.data {
                Data::Address(ip) if self.is_for(ip) => Record::Address(ip),
                Data::Unread { kind, at } if kind == self.kind as u16 => {
                    let Some(one) = read(Cursor::new(packet, at), self.kind) else { return Err(MALFORMED) };
                    one
                }
                _ => continue,
            };
            found.push(one);
        }
        found.truncate(MOST_ADDRESSES);
        Ok(found)
    }
}

fn read(mut at: Cursor<'_>, kind: Kind) -> Option<Record> {
    if kind == Kind::Srv {
        let [_priority, _weight, port] = [at.u16()?, at.u16()?, at.u16()?];
        return Some(Record::Service { host: text(&at.name()?), port });
    }
    if kind == Kind::Mx {
        at.u16()?;
    }
    Some(Record::Host(text(&at.name()?)))
}

/// A name as Go's DNS library writes it.
fn text(name: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = name;
    while let Some((length, after)) = rest.split_first() {
        let Some((label, after)) = after.split_at_checked((*length).into()) else { break };
        for byte in label {
            // Writing to a string cannot fail.
            let _ = match byte {
                b'.' | b' ' | b'\'' | b'@' | b';' | b'(' | b')' | b'"' | b'\\' => {
                    write!(text, "\\{}", char::from(*byte))
                }
                b'!'..=b'~' => write!(text, "{}", char::from(*byte)),
                byte => write!(text, "\\{byte:03}"),
            };
        }
        if *length > 0 || text.is_empty() {
            text.push('.');
        }
        rest = after;
    }
    text
}
