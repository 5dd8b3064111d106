//! `syslog_parser`

mod framing;
mod message;
mod priority;
mod rfc3164;
mod rfc5424;

use slimcol_config::{Section, Settings};
use slimcol_timeformat::Zone;

use self::message::Message;
use super::{Parse, Parser, ParserConfig};
use crate::{
    Entry, Field, Map, Severity, Text, Value,
    operator::{Build, Change, Fault, With, Work},
};

/// How long a message may be that is counted, if the configuration does not say (RFC 5425).
const MAX_OCTETS: usize = 8192;
/// What Go says of what its grammar ends at without a word.
const NEITHER: &str = "parsed value was not rfc3164 or rfc5424 compliant";

/// Its keys.
#[derive(Debug)]
pub(crate) struct Syslog {
    parser: ParserConfig,
    syslog: SyslogConfig,
}

/// The keys that say how messages are written, which a receiver has among its own too.
#[derive(Clone, Debug)]
pub struct SyslogConfig {
    /// `rfc3164`, `rfc5424` or `none`.
    pub protocol: String,
    /// The zone of times that do not say; empty is UTC.
    pub location: String,
    /// Messages have their length before them.
    pub enable_octet_counting: bool,
    /// Messages may have no priority.
    pub allow_skip_pri_header: bool,
    /// `LF` or `NUL`, which stands behind messages.
    pub non_transparent_framing_trailer: Option<String>,
    /// How long a message may be that is counted; 0 is 8192.
    pub max_octets: i64,
}

/// How messages are written and delimited.
#[derive(Debug)]
struct Grammar {
    protocol: Protocol,
    framing: Framing,
    /// Messages may have no priority.
    skip_pri: bool,
}

#[derive(Debug)]
enum Protocol {
    /// Times are of this zone.
    Rfc3164(Zone),
    Rfc5424,
    None,
}

#[derive(Debug)]
enum Framing {
    Plain,
    /// The length comes first, which is no more than this.
    Octets(usize),
    /// The byte comes last.
    Trailer(u8),
}

/// A parser, and what is done with what it found.
#[derive(Debug)]
struct Operator(Parser, Grammar);

impl Settings for Syslog {
    fn read(from: &mut Section<'_>) -> Self {
        Self { parser: ParserConfig::read(from), syslog: from.squash() }
    }
}

impl Settings for SyslogConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            protocol: from.get("protocol", String::new()),
            location: from.get("location", String::new()),
            enable_octet_counting: from.get("enable_octet_counting", false),
            allow_skip_pri_header: from.get("allow_skip_pri_header", false),
            non_transparent_framing_trailer: from.find("non_transparent_framing_trailer"),
            max_octets: from.get("max_octets", 0),
        }
    }
}

impl Syslog {
    /// The parser of a receiver, which parses bodies into attributes.
    pub(crate) fn of(syslog: SyslogConfig, on_error: Option<&str>) -> Self {
        Self { parser: ParserConfig::usual(on_error), syslog }
    }
}

impl Build for Syslog {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let protocol = self.syslog.protocol.to_lowercase();
        let time = (protocol != "none").then(|| Field::attribute(message::TIMESTAMP));
        let guard = self.parser.guard(with)?;
        let grammar = self.syslog.grammar(&protocol)?;
        let parser = self.parser.parser_with_time(time)?;
        Ok(Work::Each(guard, Box::new(Operator(parser, grammar))))
    }
}

impl SyslogConfig {
    fn grammar(&self, protocol: &str) -> Result<Grammar, String> {
        let trailer = self.non_transparent_framing_trailer.as_deref();
        match (protocol, trailer) {
            ("", _) => return Err("missing field 'protocol'".into()),
            ("rfc3164" | "rfc5424" | "none", None) | ("rfc5424", _) if !self.enable_octet_counting => {}
            ("rfc3164" | "rfc5424" | "none", None) => {}
            ("rfc3164" | "rfc5424" | "none", Some(_)) if self.enable_octet_counting => {
                return Err("only one of octet_counting or non_transparent_framing can be enabled".into());
            }
            ("none", Some(_)) => {
                return Err("non_transparent_framing is not compatible with protocol none".into());
            }
            ("rfc3164", Some(_)) => {
                return Err("non_transparent_framing is only compatible with protocol rfc5424".into());
            }
            (other, _) => return Err(format!("unsupported protocol version: {other}")),
        }
        let framing = match trailer {
            Some("LF") => Framing::Trailer(b'\n'),
            Some("NUL") => Framing::Trailer(0),
            Some(other) => {
                return Err(format!(
                    "invalid non_transparent_framing_trailer '{other}'. Must be either 'LF' or 'NUL'"
                ));
            }
            None if self.enable_octet_counting => {
                let most = usize::try_from(self.max_octets).ok().filter(|most| *most > 0);
                Framing::Octets(most.unwrap_or(MAX_OCTETS))
            }
            None => Framing::Plain,
        };
        let location = if self.location.is_empty() { "UTC" } else { &self.location };
        let zone = Zone::load(location).map_err(|e| format!("failed to load location {location}: {e}"))?;
        let protocol = match protocol {
            "rfc3164" => Protocol::Rfc3164(zone),
            "rfc5424" => Protocol::Rfc5424,
            _ => Protocol::None,
        };
        Ok(Grammar { protocol, framing, skip_pri: self.allow_skip_pri_header })
    }
}

impl Grammar {
    /// Reads one message.
    fn message(&self, text: &Text) -> Result<Message, String> {
        match &self.protocol {
            // What is counted can have line breaks in it.
            Protocol::Rfc3164(zone) => rfc3164::parse(text, zone, matches!(self.framing, Framing::Octets(_))),
            Protocol::Rfc5424 | Protocol::None => rfc5424::parse(text),
        }
    }

    fn framed(&self, text: &Text) -> Result<Message, String> {
        match self.framing {
            Framing::Octets(most) => framing::counted(text, most, |text| {
                let lines = matches!(self.protocol, Protocol::Rfc3164(_));
                let text = if lines { framing::without_line_break(text) } else { text.clone() };
                self.message(&text)
            }),
            Framing::Trailer(trailer) => framing::trailed(text, trailer, |text| self.message(text)),
            Framing::Plain if self.skip_pri && !priority::occurs(text) => {
                self.message(&Text::from(format!("<0>{text}")))
            }
            Framing::Plain => self.message(text),
        }
    }

    /// Whether a message of this text has no priority, and is to have none.
    fn lacks_priority(&self, text: &str) -> bool {
        self.skip_pri
            && !matches!(self.framing, Framing::Octets(_))
            && text.len() > 1
            && !text.starts_with('<')
    }

    /// What is known of a text whatever it says.
    fn raw(&self, text: &Text) -> Map {
        let counted = matches!(self.framing, Framing::Octets(_)).then(|| framing::without_count(text));
        let text = counted.unwrap_or_else(|| text.clone());
        let mut map = Map::with_capacity(5);
        if let Some(priority) = priority::leading(&text) {
            priority.put(&mut map);
        }
        map.insert(Text::from_static("message"), Value::Text(text));
        map
    }
}

fn text_of(value: &Value) -> Result<&Text, String> {
    value.as_text().ok_or_else(|| format!("unable to convert type '{}' to bytes", value.go_type()))
}

impl Parse for Grammar {
    fn parse(&self, value: &Value) -> Result<Value, String> {
        let text = text_of(value)?;
        if matches!(self.protocol, Protocol::None) {
            return Ok(Value::Map(self.raw(text)));
        }
        Ok(Value::Map(self.framed(text)?.into_map(!self.lacks_priority(text))))
    }
}

impl Change for Operator {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        let Self(parser, grammar) = self;
        // Go looks at the body here, wherever it parses from.
        let skips = grammar.skip_pri
            && !matches!(grammar.protocol, Protocol::None)
            && !matches!(grammar.framing, Framing::Octets(_))
            && grammar.lacks_priority(text_of(&entry.body)?);
        parser.parse_with(grammar, entry)?;
        if !skips {
            match entry.attributes.remove(message::SEVERITY) {
                Some(severity) => set_severity(entry, &severity)?,
                None if matches!(grammar.protocol, Protocol::None) => {}
                None => return Err("severity field does not exist".into()),
            }
        }
        if !matches!(grammar.protocol, Protocol::None)
            && entry.attributes.remove(message::TIMESTAMP).is_none()
        {
            return Err("failed to cleanup timestamp".into());
        }
        Ok(())
    }
}

/// Fatal, Error3, Error2, Error, Warn, Info2, Info and Debug, as syslog calls them.
const SEVERITIES: [(u8, &str); 8] = [
    (21, "emerg"),
    (19, "alert"),
    (18, "crit"),
    (17, "err"),
    (13, "warning"),
    (10, "notice"),
    (9, "info"),
    (5, "debug"),
];

fn set_severity(entry: &mut Entry, value: &Value) -> Result<(), String> {
    let Value::Int(level) = value else { return Err("severity field is not an int".into()) };
    let known = usize::try_from(*level).ok().and_then(|level| SEVERITIES.get(level));
    let (number, name) = known.ok_or_else(|| format!("invalid severity '{level}'"))?;
    entry.severity = Severity::from_number(*number).unwrap_or_default();
    entry.severity_text = Text::from_static(name);
    Ok(())
}
