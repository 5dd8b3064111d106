//! What an OTLP server says when it takes a request in part.

use slimcol_config::Node;
use slimcol_pdata::get::{Malformed, Value, fields};

/// The `partial_success` of an export response, which is the same for every signal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartialSuccess {
    /// How many spans, data points or log records were not taken.
    pub rejected: i64,
    /// Why, or advice for a sender whose data was taken.
    pub message: String,
}

impl PartialSuccess {
    /// From an encoded `Export…ServiceResponse`; `None` if all is well.
    ///
    /// # Errors
    /// The bytes are not such a message.
    pub fn from_proto(response: &[u8]) -> Result<Option<Self>, Malformed> {
        let mut found = Self::default();
        for field in fields(response) {
            let (1, Value::Bytes(partial)) = field? else { continue };
            for field in fields(partial) {
                match field? {
                    (1, Value::Varint(rejected)) => found.rejected = rejected.cast_signed(),
                    (2, Value::Bytes(text)) => {
                        std::str::from_utf8(text).map_err(|_| Malformed)?.clone_into(&mut found.message);
                    }
                    _ => {}
                }
            }
        }
        Ok(found.if_any())
    }

    /// From an `Export…ServiceResponse` in JSON; `None` if all is well.
    ///
    /// # Errors
    /// The text is no JSON object; the error says where.
    pub fn from_json(response: &[u8]) -> Result<Option<Self>, String> {
        let text = std::str::from_utf8(response).map_err(|error| error.to_string())?;
        // JSON is YAML, which the collector can read anyway.
        let root = slimcol_config::parse("response", text).map_err(|error| error.to_string())?;
        if !root.is_map() {
            return Err("expected an object".to_owned());
        }
        let partial = root.get("partialSuccess").or_else(|| root.get("partial_success"));
        let Some(partial) = partial else { return Ok(None) };
        let field = |keys: &[&str]| keys.iter().find_map(|key| partial.get(key)).and_then(Node::scalar_text);
        let rejected = ["rejectedSpans", "rejectedDataPoints", "rejectedLogRecords"];
        let found = Self {
            rejected: field(&rejected).and_then(|count| count.parse().ok()).unwrap_or(0),
            message: field(&["errorMessage", "error_message"]).unwrap_or_default(),
        };
        Ok(found.if_any())
    }

    fn if_any(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_both_encodings() {
        let some = |rejected, message: &str| Some(PartialSuccess { rejected, message: message.into() });
        for (bytes, found) in [
            (&[][..], None),
            (&[10, 0], None),
            (&[10, 2, 8, 5], some(5, "")),
            (&[10, 4, 18, 2, b'n', b'o'], some(0, "no")),
        ] {
            assert_eq!(PartialSuccess::from_proto(bytes), Ok(found), "{bytes:?}");
        }
        assert_eq!(PartialSuccess::from_proto(&[10, 9]), Err(Malformed));
        for (text, found) in [
            ("{}", None),
            (r#"{"partialSuccess":{}}"#, None),
            (r#"{"partialSuccess":{"rejectedSpans":"5","errorMessage":"no"}}"#, some(5, "no")),
            (r#"{"partialSuccess":{"rejectedDataPoints":7}}"#, some(7, "")),
        ] {
            assert_eq!(PartialSuccess::from_json(text.as_bytes()), Ok(found), "{text}");
        }
        assert!(PartialSuccess::from_json(b"[1]").is_err());
        assert!(PartialSuccess::from_json(b"{\"a\"").is_err());
    }
}
