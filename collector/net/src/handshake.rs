//! The client's side of a TLS handshake, with failures worded as Go's `crypto/tls` words them.

use std::io;

use rustls::{CertificateError, Error, pki_types::ServerName};
use tokio_rustls::TlsConnector;

use crate::{dial::DialError, stream::Stream, tls::Connector};

/// Wraps `stream` in TLS for the server `name`, a host without a port.
pub(crate) async fn connect(stream: Stream, name: &str, connector: &Connector) -> Result<Stream, DialError> {
    let config = connector.config().map_err(|error| DialError(error.to_string()))?;
    let bare = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
    let Ok(server) = ServerName::try_from(bare.to_owned()) else {
        return Err(DialError(format!("tls: invalid server name {bare:?}")));
    };
    match TlsConnector::from(config).connect(server, stream).await {
        Ok(tls) => Ok(Stream::Tls(Box::new(tls))),
        Err(error) => Err(DialError(failure(&error, bare))),
    }
}

/// A failed handshake, or a connection broken by TLS later, in Go's words.
pub(crate) fn failure(error: &io::Error, name: &str) -> String {
    let Some(tls) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) else {
        return if error.kind() == io::ErrorKind::UnexpectedEof {
            "EOF".to_owned()
        } else {
            crate::dial::reason(error)
        };
    };
    match tls {
        Error::InvalidCertificate(reason) => {
            format!("tls: failed to verify certificate: x509: {}", certificate(reason, name))
        }
        Error::AlertReceived(alert) => format!("remote error: tls: {}", words(&format!("{alert:?}"))),
        Error::InvalidMessage(_) => "tls: first record does not look like a TLS handshake".to_owned(),
        other => format!("tls: {other}"),
    }
}

/// A connection that broke, in Go's words. HTTP/2 hands errors of TLS on as text only.
pub(crate) fn broken(error: &io::Error) -> String {
    use io::ErrorKind::{BrokenPipe, NotConnected, UnexpectedEof};
    let text = error.to_string();
    if let Some(alert) = text.strip_prefix("received fatal alert: ") {
        return format!("remote error: tls: {}", words(alert));
    }
    if error.raw_os_error().is_none() && matches!(error.kind(), BrokenPipe | NotConnected | UnexpectedEof) {
        return "EOF".to_owned();
    }
    crate::dial::reason(error)
}

fn certificate(reason: &CertificateError, name: &str) -> String {
    match reason {
        // A known name with another key is as unknown.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "certificate signed by unknown authority".to_owned()
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            "certificate has expired or is not yet valid".to_owned()
        }
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            format!("cannot validate certificate for {name} because it doesn't contain any SANs")
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<&str> = presented.iter().map(|p| between(p)).collect();
            format!("certificate is valid for {}, not {name}", names.join(", "))
        }
        CertificateError::NotValidForName => format!("certificate is not valid for {name}"),
        other => other.to_string(),
    }
}

/// The name in what webpki prints of a certificate's name: `DnsName("a.example")`.
fn between(printed: &str) -> &str {
    printed.split('"').nth(1).unwrap_or(printed)
}

/// `BadCertificate` as `bad certificate`.
fn words(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_read_as_in_go() {
        let of = |e: Error| failure(&io::Error::other(e), "c.example");
        let cases = [
            (
                Error::InvalidCertificate(CertificateError::UnknownIssuer),
                "tls: failed to verify certificate: x509: certificate signed by unknown authority",
            ),
            (
                Error::InvalidCertificate(CertificateError::Expired),
                "tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
            ),
            (
                Error::InvalidCertificate(CertificateError::NotValidForNameContext {
                    expected: ServerName::try_from("c.example").unwrap(),
                    presented: vec!["DnsName(\"a.example\")".into(), "DnsName(\"b.example\")".into()],
                }),
                "tls: failed to verify certificate: x509: certificate is valid for a.example, b.example, not c.example",
            ),
            (
                Error::AlertReceived(rustls::AlertDescription::CertificateRequired),
                "remote error: tls: certificate required",
            ),
            (
                Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType),
                "tls: first record does not look like a TLS handshake",
            ),
        ];
        for (error, text) in cases {
            assert_eq!(of(error), text);
        }
        assert_eq!(failure(&io::ErrorKind::UnexpectedEof.into(), "c.example"), "EOF");
    }
}
