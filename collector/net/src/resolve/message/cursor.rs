//! Reading a DNS message's parts in turn, within its bounds.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{INTERNET, Kind, OPTIONS};

/// The longest name as it is written in a message, bytes.
pub(super) const LONGEST_NAME: usize = 255;
/// How many times a name may go on elsewhere in the message, as in Go.
const MOST_JUMPS: usize = 10;

const ALIAS: u16 = 5;
const A: u16 = Kind::A as u16;
const AAAA: u16 = Kind::Aaaa as u16;

/// A place in a message.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    packet: &'a [u8],
    at: usize,
}

/// One record of an answer.
#[derive(Debug)]
pub(super) struct Record {
    /// Whose it is, as written in a message but in small letters: the octets of lengths are below the letters, and stay.
    pub(super) owner: Vec<u8>,
    pub(super) data: Data,
}

/// What a record says.
#[derive(Debug)]
pub(super) enum Data {
    /// That its owner is another name for this one, written like the owner.
    Alias(Vec<u8>),
    Address(IpAddr),
    /// About the answer itself: the upper bits of its code.
    Options {
        code: u8,
    },
    /// Of another kind: where it begins.
    Unread {
        kind: u16,
        at: usize,
    },
}

impl<'a> Cursor<'a> {
    pub(super) fn new(packet: &'a [u8], at: usize) -> Self {
        Self { packet, at }
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    /// The next record, None if it does not fit or says what its kind cannot.
    pub(super) fn record(&mut self) -> Option<Record> {
        let owner = self.name()?.to_ascii_lowercase();
        let (kind, class) = (self.u16()?, self.u16()?);
        let [code, ..]: [u8; 4] = self.array()?;
        let length = usize::from(self.u16()?);
        let mut inside = Cursor { packet: self.packet, at: self.at };
        let data = self.take(length)?;
        let data = match (kind, class) {
            (OPTIONS, _) => Data::Options { code },
            (A, INTERNET) => Data::Address(Ipv4Addr::from(<[u8; 4]>::try_from(data).ok()?).into()),
            (AAAA, INTERNET) => Data::Address(Ipv6Addr::from(<[u8; 16]>::try_from(data).ok()?).into()),
            (ALIAS, INTERNET) => Data::Alias(inside.name()?.to_ascii_lowercase()),
            _ => Data::Unread { kind, at: inside.at },
        };
        Some(Record { owner, data })
    }

    /// The next name, uncompressed.
    pub(super) fn name(&mut self) -> Option<Vec<u8>> {
        let mut name = Vec::new();
        let mut at = self.at;
        let mut after = None;
        let mut jumps = 0;
        loop {
            let length = *self.packet.get(at)?;
            match length >> 6 {
                0 => {
                    let end = at + 1 + usize::from(length);
                    name.extend_from_slice(self.packet.get(at..end)?);
                    if name.len() > LONGEST_NAME {
                        return None;
                    }
                    at = end;
                    if length == 0 {
                        break;
                    }
                }
                3 => {
                    let low = *self.packet.get(at + 1)?;
                    after = after.or(Some(at + 2));
                    jumps += 1;
                    if jumps > MOST_JUMPS {
                        return None;
                    }
                    at = usize::from(u16::from_be_bytes([length & 0x3f, low]));
                }
                _ => return None,
            }
        }
        self.at = after.unwrap_or(at);
        Some(name)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.packet.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }
}
