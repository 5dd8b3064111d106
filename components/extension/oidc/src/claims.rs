//! What a token says, and whether it says it to this collector and now (`OpenID` Connect Core, section 3.1.3.7, as go-oidc
//! has it).

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use slimcol_service::Utc;

use crate::{
    config::ProviderSettings,
    token::{Token, shortened},
};

/// How far ahead of this one the issuer's clock may be, seconds.
const LEEWAY: i64 = 5 * 60;
/// What has meanings of its own as attributes.
const OWN: [&str; 3] = ["subject", "membership", "raw"];

/// Checks issuer, audience and time.
pub(crate) fn check(settings: &ProviderSettings, token: &Token<'_>) -> Result<(), String> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    check_at(settings, token, i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
}

/// The same at a moment in nanoseconds since 1970.
fn check_at(settings: &ProviderSettings, token: &Token<'_>, now: i64) -> Result<(), String> {
    const SECOND: i64 = 1_000_000_000;
    let (expected, issuer) = (settings.issuer_url.as_str(), token.issuer());
    let google = expected == "https://accounts.google.com" && issuer == "accounts.google.com";
    if !settings.ignore_issuer && issuer != expected && !google {
        let issuer = shortened(issuer);
        return Err(format!(
            "oidc: id token issued by a different provider, expected {expected:?} got {issuer:?}"
        ));
    }
    let audience = audience(token)?;
    if !settings.ignore_audience && !audience.contains(&settings.audience.as_str()) {
        let got: Vec<_> = audience.iter().map(|one| format!("{:?}", shortened(one))).collect();
        let got = shortened(&got.join(" "));
        return Err(format!("oidc: expected audience {:?} got [{got}]", settings.audience));
    }
    let Some(expiry) = moment(token, "exp")? else {
        return Err("oidc: token is expired (Token Expiry: 0001-01-01 00:00:00 +0000 UTC)".to_owned());
    };
    if expiry.saturating_mul(SECOND) < now {
        return Err(format!("oidc: token is expired (Token Expiry: {})", written(expiry)));
    }
    if let Some(from) = moment(token, "nbf")?
        && now.saturating_add(LEEWAY * SECOND) < from.saturating_mul(SECOND)
    {
        return Err(format!(
            "oidc: current time {} before the nbf (not before) time: {}",
            written(now / SECOND),
            written(from)
        ));
    }
    Ok(())
}

/// What is known of a token's bearer, as attributes; or what went wrong for the log and for the sender.
pub(crate) fn learn(
    settings: &ProviderSettings,
    token: &Token<'_>,
) -> Result<Vec<(String, String)>, (&'static str, String)> {
    let subject = subject(settings, token).map_err(|error| {
        (
            "could not get subject from claims",
            format!("failed to get subject from claims in the token: {error}"),
        )
    })?;
    let groups = groups(settings, token).map_err(|error| {
        (
            "could not get groups from claims",
            format!("failed to get groups from claims in the token: {error}"),
        )
    })?;
    let own = [subject, Value::from(groups).to_string(), token.raw.to_owned()];
    let own = OWN.into_iter().map(str::to_owned).zip(own);
    let claims =
        token.claims.iter().filter(|(name, value)| !OWN.contains(&name.as_str()) && !value.is_null());
    Ok(own.chain(claims.map(|(name, value)| (name.clone(), text(value)))).collect())
}

fn subject(settings: &ProviderSettings, token: &Token<'_>) -> Result<String, &'static str> {
    if settings.username_claim.is_empty() {
        return Ok(token.claims.get("sub").map(text).unwrap_or_default());
    }
    let Some(name) = token.claims.get(&settings.username_claim) else {
        return Err(
            "username claim from the OIDC configuration not found on the token returned by the OIDC provider",
        );
    };
    let name = name.as_str().ok_or("the username returned by the OIDC provider isn't a regular string")?;
    Ok(name.to_owned())
}

fn groups(settings: &ProviderSettings, token: &Token<'_>) -> Result<Vec<String>, &'static str> {
    if settings.groups_claim.is_empty() {
        return Ok(Vec::new());
    }
    match token.claims.get(&settings.groups_claim) {
        None => Err(
            "groups claim from the OIDC configuration not found on the token returned by the OIDC provider",
        ),
        Some(Value::String(group)) => Ok(vec![group.clone()]),
        Some(Value::Array(groups)) => Ok(groups.iter().map(text).collect()),
        Some(_) => Ok(Vec::new()),
    }
}

/// A text as it is, anything else as JSON.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn audience<'a>(token: &'a Token<'_>) -> Result<Vec<&'a str>, String> {
    let strings = |list: &'a [Value]| list.iter().map(Value::as_str).collect::<Option<Vec<_>>>();
    let found = match token.claims.get("aud") {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::String(one)) => Some(vec![one.as_str()]),
        Some(Value::Array(several)) => strings(several),
        Some(_) => None,
    };
    found.ok_or_else(|| "oidc: failed to unmarshal claims: `aud` is no string and no list of them".to_owned())
}

/// A moment in seconds since 1970; fractions are cut off.
fn moment(token: &Token<'_>, name: &str) -> Result<Option<i64>, String> {
    match token.claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            #[allow(
                clippy::cast_possible_truncation,
                reason = "cutting off is the point, and `as` saturates"
            )]
            let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
            let seconds =
                seconds.ok_or_else(|| format!("oidc: failed to unmarshal claims: `{name}` is no number"))?;
            Ok(Some(seconds))
        }
    }
}

/// A moment as Go prints it.
fn written(seconds: i64) -> String {
    let t = Utc::from_unix_nanos(seconds.saturating_mul(1_000_000_000));
    let Utc { year, month, day, hour, minute, second, .. } = t;
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} +0000 UTC")
}

#[cfg(test)]
mod tests;
