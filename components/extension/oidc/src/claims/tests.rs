use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::json;

use super::*;
use crate::Algorithm;

/// 2026-01-01 00:00:00.
const NOW: i64 = 1_767_225_600;

fn settings() -> ProviderSettings {
    ProviderSettings {
        issuer_url: "https://issuer".to_owned(),
        audience: "me".to_owned(),
        ..ProviderSettings::default()
    }
}

/// A token with these claims, which nobody signed.
fn raw(claims: &Value) -> String {
    let part = |text: String| BASE64_URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.AA", part(r#"{"alg":"RS256"}"#.to_owned()), part(claims.to_string()))
}

fn verdict(settings: &ProviderSettings, change: &Value) -> Result<(), String> {
    let mut claims = json!({"iss": "https://issuer", "aud": "me", "exp": NOW + 10, "sub": "ann"});
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let raw = raw(&claims);
    check_at(settings, &Token::parse(&raw, &Algorithm::ALL).unwrap(), NOW * 1_000_000_000)
}

#[test]
fn issuer_audience_and_time_are_checked_as_in_go() {
    let expired = |at: &str| format!("oidc: token is expired (Token Expiry: {at} +0000 UTC)");
    for (change, expected) in [
        (json!({}), Ok(())),
        (json!({"aud": ["you", "me"]}), Ok(())),
        (json!({"exp": NOW}), Ok(())),
        (json!({"exp": 1_767_225_610.5}), Ok(())),
        (json!({"exp": NOW - 1}), Err(expired("2025-12-31 23:59:59"))),
        (json!({"exp": null}), Err(expired("0001-01-01 00:00:00"))),
        (json!({"exp": 1e300}), Ok(())),
        (json!({"exp": "soon"}), Err("oidc: failed to unmarshal claims: `exp` is no number".to_owned())),
        (json!({"nbf": NOW + 300}), Ok(())),
        (
            json!({"nbf": NOW + 301}),
            Err("oidc: current time 2026-01-01 00:00:00 +0000 UTC before the nbf (not before) time: 2026-01-01 \
                 00:05:01 +0000 UTC"
                .to_owned()),
        ),
        (
            json!({"iss": "https://other"}),
            Err("oidc: id token issued by a different provider, expected \"https://issuer\" got \"https://other\""
                .to_owned()),
        ),
        (json!({"aud": "you"}), Err("oidc: expected audience \"me\" got [\"you\"]".to_owned())),
        (json!({"aud": ["a", "b"]}), Err("oidc: expected audience \"me\" got [\"a\" \"b\"]".to_owned())),
        (json!({"aud": null}), Err("oidc: expected audience \"me\" got []".to_owned())),
        (
            json!({"aud": [1]}),
            Err("oidc: failed to unmarshal claims: `aud` is no string and no list of them".to_owned()),
        ),
    ] {
        assert_eq!(verdict(&settings(), &change), expected, "{change}");
    }
    let lenient = ProviderSettings { ignore_audience: true, ignore_issuer: true, ..settings() };
    assert_eq!(verdict(&lenient, &json!({"aud": "you", "iss": "https://other"})), Ok(()));
    assert!(verdict(&lenient, &json!({"exp": 1})).is_err());
    let google = ProviderSettings { issuer_url: "https://accounts.google.com".to_owned(), ..settings() };
    assert_eq!(verdict(&google, &json!({"iss": "accounts.google.com"})), Ok(()));
}

fn learned(settings: &ProviderSettings, claims: &Value) -> Result<Vec<(String, String)>, String> {
    let raw = raw(claims);
    learn(settings, &Token::parse(&raw, &Algorithm::ALL).unwrap())
        .map_err(|(what, text)| format!("{what}/{text}"))
}

#[test]
fn claims_become_attributes() {
    let claims = json!({
        "sub": "ann", "email": "a@b", "groups": ["x", 7], "level": 3, "raw": "mine", "void": null, "o": {"a": [true]},
    });
    let shown = raw(&claims);
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let rest = [
        ("email", "a@b"),
        ("groups", r#"["x",7]"#),
        ("level", "3"),
        ("o", r#"{"a":[true]}"#),
        ("sub", "ann"),
    ];
    let mut expected = pairs(&[("subject", "ann"), ("membership", "[]"), ("raw", &shown)]);
    expected.extend(pairs(&rest));
    assert_eq!(learned(&settings(), &claims).unwrap(), expected);

    let named = |user: &str, groups: &str| ProviderSettings {
        username_claim: user.to_owned(),
        groups_claim: groups.to_owned(),
        ..settings()
    };
    let found = learned(&named("email", "groups"), &claims).unwrap();
    assert_eq!(found[..2], pairs(&[("subject", "a@b"), ("membership", r#"["x","7"]"#)]));
    assert_eq!(learned(&named("", "email"), &claims).unwrap()[1].1, r#"["a@b"]"#);
    assert_eq!(learned(&named("", "level"), &claims).unwrap()[1].1, "[]");
    for (user, groups, text) in [
        (
            "name",
            "",
            "could not get subject from claims/failed to get subject from claims in the token: username claim from \
             the OIDC configuration not found on the token returned by the OIDC provider",
        ),
        (
            "level",
            "",
            "could not get subject from claims/failed to get subject from claims in the token: the username returned \
             by the OIDC provider isn't a regular string",
        ),
        (
            "",
            "roles",
            "could not get groups from claims/failed to get groups from claims in the token: groups claim from the \
             OIDC configuration not found on the token returned by the OIDC provider",
        ),
    ] {
        assert_eq!(learned(&named(user, groups), &claims).unwrap_err(), text);
    }
}
