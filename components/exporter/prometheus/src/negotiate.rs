//! In what format a reader gets its page.

use http::{HeaderMap, header::ACCEPT, header::ACCEPT_ENCODING};
use slimcol_prometheus::Escaping;

const PROTOBUF: &str = "application/vnd.google.protobuf";
/// The message that a page in protobuf is a list of.
const FAMILY: &str = "io.prometheus.client.MetricFamily";

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    /// With the version.
    OpenMetrics(&'static str),
    Protobuf,
}

impl Format {
    pub(crate) const fn is_open_metrics(self) -> bool {
        matches!(self, Self::OpenMetrics(_))
    }

    /// The media type, names escaped like this.
    pub(crate) fn media_type(self, escaping: Escaping) -> String {
        let escaping = escaping.word();
        match self {
            Self::Text => format!("text/plain; version=0.0.4; charset=utf-8; escaping={escaping}"),
            Self::OpenMetrics(version) => {
                format!("application/openmetrics-text; version={version}; charset=utf-8; escaping={escaping}")
            }
            Self::Protobuf => format!("{PROTOBUF}; proto={FAMILY}; encoding=delimited; escaping={escaping}"),
        }
    }
}

/// What the reader likes best of what there is.
pub(crate) fn format(headers: &HeaderMap, open_metrics: bool) -> (Format, Escaping) {
    let mut wanted: Vec<(f32, Format, Escaping)> = Vec::new();
    for range in ranges(headers, ACCEPT.as_str()) {
        let mut parts = range.split(';').map(str::trim);
        let media = parts.next().unwrap_or_default();
        let (mut quality, mut version, mut escaping) = (1.0, "", Escaping::default());
        let (mut message, mut encoding) = ("", "");
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim() {
                "q" => quality = value.trim().parse().unwrap_or(0.0),
                "version" => version = value.trim(),
                "proto" => message = value.trim(),
                "encoding" => encoding = value.trim(),
                "escaping" => {
                    let known = Escaping::WORDS.iter().find(|(word, _)| *word == value.trim());
                    escaping = known.map_or(escaping, |(_, way)| *way);
                }
                _ => {}
            }
        }
        let format = match (media, version) {
            ("text/plain", "" | "0.0.4") => Format::Text,
            ("application/openmetrics-text", "1.0.0") if open_metrics => Format::OpenMetrics("1.0.0"),
            ("application/openmetrics-text", "" | "0.0.1") if open_metrics => Format::OpenMetrics("0.0.1"),
            (PROTOBUF, _) if message == FAMILY && encoding == "delimited" => Format::Protobuf,
            _ => continue,
        };
        wanted.push((quality, format, escaping));
    }
    // Of equal ones the first.
    let best = wanted.into_iter().rev().max_by(|(one, ..), (other, ..)| one.total_cmp(other));
    best.map_or((Format::Text, Escaping::default()), |(_, format, escaping)| (format, escaping))
}

/// Whether the page may be compressed.
pub(crate) fn gzip(headers: &HeaderMap) -> bool {
    ranges(headers, ACCEPT_ENCODING.as_str()).any(|range| {
        let (coding, rest) = range.split_once(';').unwrap_or((range, ""));
        coding.trim() == "gzip" && !matches!(rest.trim(), "q=0" | "q=0.0")
    })
}

fn ranges<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(','))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn readers_get_what_they_like_best() {
        let prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                          text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        for (accept, with, without) in [
            ("", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", ""),
            (
                prometheus,
                "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores",
                "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
            ),
            (
                "application/openmetrics-text",
                "application/openmetrics-text; version=0.0.1; charset=utf-8; escaping=underscores",
                "",
            ),
            (
                "text/plain;q=0.9, application/openmetrics-text; version=1.0.0; escaping=allow-utf-8; q=0.95",
                "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=allow-utf-8",
                "",
            ),
            (
                "text/plain;version=0.0.4;escaping=dots",
                "text/plain; version=0.0.4; charset=utf-8; escaping=dots",
                "",
            ),
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,text/plain;q=0.3",
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited; \
                 escaping=underscores",
                "",
            ),
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text,text/plain;q=0.3",
                "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                "",
            ),
            ("text/html", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", ""),
        ] {
            let chosen = |open| {
                let (format, escaping) = format(&headers(ACCEPT, accept), open);
                format.media_type(escaping)
            };
            assert_eq!(chosen(true), with, "{accept}");
            if !without.is_empty() {
                assert_eq!(chosen(false), without, "{accept}");
            }
        }
    }

    #[test]
    fn pages_are_compressed_for_those_who_say_so() {
        for (accept, expected) in [("gzip", true), ("br, gzip;q=0.5", true), ("gzip;q=0", false), ("", false)]
        {
            assert_eq!(gzip(&headers(ACCEPT_ENCODING, accept)), expected, "{accept}");
        }
    }
}
