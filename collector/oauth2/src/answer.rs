//! What a token endpoint answers (RFC 6749, sections 5.1 and 5.2).

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use crate::{form, tokens::Token};

/// The longest lifetime that counts, seconds; Go's.
const LONGEST: u64 = i32::MAX as u64;
/// How much of a server's own words is repeated, characters.
const WORDS: usize = 256;

/// The token in an answer, in either of the forms that servers use.
///
/// # Errors
/// Go's text, with the server's `error` and `error_description`. `secrets` are what must not be in it.
pub(crate) fn read(
    status: StatusCode,
    content_type: &str,
    body: &[u8],
    secrets: &[&str],
) -> Result<Token, String> {
    let body = String::from_utf8_lossy(body);
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let parsed = if matches!(&*essence, "application/x-www-form-urlencoded" | "text/plain") {
        Ok(Fields::Form(&body))
    } else {
        serde_json::from_str(&body).map(Fields::Json).map_err(|error| error.to_string())
    };
    let fields = match parsed {
        Ok(fields) => fields,
        Err(_) if !status.is_success() => return Err(refusal(status, None, None, secrets)),
        Err(error) => return Err(format!("oauth2: cannot parse json: {error}")),
    };
    let code = fields.text("error");
    if !status.is_success() || code.is_some() {
        return Err(refusal(status, code, fields.text("error_description"), secrets));
    }
    let Some(token) = fields.text("access_token") else {
        return Err("oauth2: server response missing access_token".to_owned());
    };
    let kind = fields.text("token_type").unwrap_or_default();
    let kind = match kind.to_ascii_lowercase().as_str() {
        "" | "bearer" => "Bearer",
        "mac" => "MAC",
        "basic" => "Basic",
        _ => &kind,
    };
    Ok(Token { value: format!("{kind} {token}"), lifetime: fields.lifetime()? })
}

/// An answer's fields.
enum Fields<'a> {
    Json(Value),
    Form(&'a str),
}

impl Fields<'_> {
    /// A text that is not empty.
    fn text(&self, name: &str) -> Option<String> {
        let text = match self {
            Self::Json(value) => value.get(name)?.as_str()?.to_owned(),
            Self::Form(form) => form::find(form, name)?,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// `expires_in`: a number, or one in a string, as some servers have it.
    fn lifetime(&self) -> Result<Option<Duration>, String> {
        let value = match self {
            Self::Json(value) => match value.get("expires_in") {
                None | Some(Value::Null) => return Ok(None),
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
            },
            Self::Form(form) => match form::find(form, "expires_in") {
                None => return Ok(None),
                Some(text) => text,
            },
        };
        let seconds: f64 =
            value.parse().map_err(|_| "oauth2: cannot parse json: `expires_in` is no number".to_owned())?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
        let seconds = (seconds as u64).min(LONGEST);
        // Zero is no limit, as in Go.
        Ok(if value.trim() == "0" { None } else { Some(Duration::from_secs(seconds)) })
    }
}

fn refusal(
    status: StatusCode,
    code: Option<String>,
    description: Option<String>,
    secrets: &[&str],
) -> String {
    let Some(code) = code else {
        // Go repeats the whole body, in which anything may stand.
        return format!("oauth2: cannot fetch token: {status}");
    };
    let shown = |text: &str| {
        if secrets.iter().any(|secret| !secret.is_empty() && text.contains(secret)) {
            "[REDACTED]".to_owned()
        } else {
            text.chars().take(WORDS).collect::<String>()
        }
    };
    let mut text = format!("oauth2: {:?}", shown(&code));
    if let Some(description) = description {
        text = format!("{text} {:?}", shown(&description));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = "application/json; charset=utf-8";
    const FORM: &str = "application/x-www-form-urlencoded";

    fn ok(kind: &str, body: &str) -> Result<(String, Option<u64>), String> {
        let token = read(StatusCode::OK, kind, body.as_bytes(), &["hush"])?;
        Ok((token.value, token.lifetime.map(|life| life.as_secs())))
    }

    #[test]
    fn tokens_are_read_in_all_forms_that_servers_give() {
        for (kind, body, value, lifetime) in [
            (JSON, r#"{"access_token":"t","token_type":"bearer","expires_in":3600}"#, "Bearer t", Some(3600)),
            (JSON, r#"{"access_token":"t","expires_in":"60"}"#, "Bearer t", Some(60)),
            (JSON, r#"{"access_token":"t","expires_in":0}"#, "Bearer t", None),
            (JSON, r#"{"access_token":"t","expires_in":null,"token_type":"MAC"}"#, "MAC t", None),
            (JSON, r#"{"access_token":"t","expires_in":-5,"token_type":"DPoP"}"#, "DPoP t", Some(0)),
            ("", r#"{"access_token":"t","expires_in":1e99}"#, "Bearer t", Some(LONGEST)),
            (FORM, "access_token=t%20u&expires_in=5&token_type=bearer", "Bearer t u", Some(5)),
            ("text/plain", "access_token=t", "Bearer t", None),
        ] {
            assert_eq!(ok(kind, body), Ok((value.to_owned(), lifetime)), "{body}");
        }
    }

    #[test]
    fn refusals_say_the_servers_words_but_no_secret() {
        for (status, kind, body, text) in [
            (401, JSON, r#"{"error":"invalid_client"}"#, r#"oauth2: "invalid_client""#),
            (200, JSON, r#"{"error":"x","error_description":"y\nz"}"#, r#"oauth2: "x" "y\nz""#),
            (400, JSON, r#"{"error":"x","error_description":"bad hush"}"#, r#"oauth2: "x" "[REDACTED]""#),
            (500, "text/html", "<h1>hush</h1>", "oauth2: cannot fetch token: 500 Internal Server Error"),
            (400, FORM, "error=a+b", r#"oauth2: "a b""#),
            (200, JSON, "{}", "oauth2: server response missing access_token"),
            (200, JSON, "[1]", "oauth2: server response missing access_token"),
            (200, JSON, r#"{"access_token":""}"#, "oauth2: server response missing access_token"),
            (200, JSON, "{", "oauth2: cannot parse json: EOF while parsing an object at line 1 column 1"),
            (
                200,
                JSON,
                r#"{"access_token":"t","expires_in":"soon"}"#,
                "oauth2: cannot parse json: `expires_in` is no number",
            ),
        ] {
            let read = read(StatusCode::from_u16(status).unwrap(), kind, body.as_bytes(), &["hush", ""]);
            assert_eq!(read.map(|token| token.value).unwrap_err(), text, "{body}");
        }
        let long = format!(r#"{{"error":"{}"}}"#, "x".repeat(10_000));
        let error = ok(JSON, &long).unwrap_err();
        assert_eq!(error.len(), WORDS + r#"oauth2: """#.len());
    }
}
