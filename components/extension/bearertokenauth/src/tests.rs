use std::fs;

use slimcol_config::from_yaml;
use slimcol_service::{Log, Signals, StopHandle};
use slimcol_testing::{assert_metadata, extension_from_yaml};

use super::*;

async fn started(yaml: &str) -> (Offers, StopHandle) {
    let cx = Context::standalone("bearertokenauth", Signals::NONE, Log::none());
    let extension = BearerTokenAuth::new(from_yaml(yaml).unwrap(), &cx).unwrap();
    let offers = extension.offers();
    let (handle, stop) = Stop::new();
    extension.start(stop).await.unwrap();
    (offers, handle)
}

async fn shown(offers: &Offers) -> Result<(String, String), String> {
    let client = Client::default();
    let auth = offers.client_auth().unwrap();
    assert!(auth.wants_tls());
    let headers = auth.headers(&client).await.map_err(|error| error.to_string())?;
    let [HeaderChange::Set(name, value)] = &headers[..] else { panic!("{headers:?}") };
    Ok((name.clone(), value.clone()))
}

async fn let_in(offers: &Offers, name: &str, value: &str) -> Result<(), String> {
    let headers = [(name.to_owned(), value.to_owned())];
    let learned = offers.server_auth().unwrap().authenticate(&headers).await;
    learned.map(|learned| assert_eq!(learned, [])).map_err(|error| error.to_string())
}

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn what_one_side_shows_the_other_lets_in() {
    for (yaml, name, first, others) in [
        ("token: a", "authorization", "Bearer a", vec![]),
        ("tokens: [a, b]", "authorization", "Bearer a", vec!["Bearer b"]),
        ("{token: a, scheme: ''}", "authorization", "a", vec![]),
        ("{token: a, scheme: Key, header: X-Api-Key}", "x-api-key", "Key a", vec![]),
    ] {
        let (offers, _stop) = started(yaml).await;
        assert_eq!(shown(&offers).await.unwrap(), (name.to_owned(), first.to_owned()), "{yaml}");
        for value in others.into_iter().chain([first]) {
            assert_eq!(let_in(&offers, name, value).await, Ok(()), "{yaml}");
        }
        for value in ["", "Bearer", "Bearer ", "bearer a", "Bearer ab", "Bearer A", "Key b"] {
            let error = let_in(&offers, name, value).await.unwrap_err();
            assert_eq!(error, "scheme or token does not match", "{yaml}: {value}");
        }
    }
    let (offers, _stop) = started("{token: a, header: X-Api-Key}").await;
    let error = let_in(&offers, "authorization", "Bearer a").await.unwrap_err();
    assert_eq!(error, "missing or empty authorization header: X-Api-Key");
}

#[tokio::test]
async fn a_file_has_a_token_on_each_line_and_changes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("token");
    fs::write(&path, "\n one \r\ntwo\n\n").unwrap();
    let (offers, _stop) = started(&format!("{{filename: '{}', token: other}}", path.display())).await;
    assert_eq!(shown(&offers).await.unwrap().1, "Bearer one");
    for (value, right) in [("one", true), ("two", true), ("other", false), ("", false)] {
        assert_eq!(
            let_in(&offers, "authorization", &format!("Bearer {value}")).await.is_ok(),
            right,
            "{value}"
        );
    }
    fs::write(&path, "three").unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while shown(&offers).await.unwrap().1 != "Bearer three" {
        assert!(std::time::Instant::now() < deadline, "the new token is not shown");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(let_in(&offers, "authorization", "Bearer one").await.is_err());
    fs::write(&path, "\n").unwrap();
    while shown(&offers).await.is_ok() {
        assert!(std::time::Instant::now() < deadline, "the old token is still shown");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(shown(&offers).await.unwrap_err(), "no bearer token provided");
    assert!(let_in(&offers, "authorization", "Bearer ").await.is_err());
}

#[tokio::test]
async fn mistakes() {
    for (yaml, text) in [
        ("", "no bearer token provided"),
        ("{token: a, tokens: [b]}", "either tokens or token should be provided, not both"),
        ("filename: /nowhere", "open /nowhere: no such file or directory"),
    ] {
        let error = extension_from_yaml(&FACTORY, yaml).await.unwrap_err();
        assert!(error.ends_with(text), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn a_file_makes_tokens_count_for_nothing_which_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("token");
    fs::write(&path, "hush").unwrap();
    let yaml = format!("{{filename: '{}', tokens: [whist]}}", path.display());
    let source = extension_from_yaml(&FACTORY, &yaml).await.unwrap();
    let lines = source.log().all();
    assert!(lines[0].contains("a filename is specified. Configured token(s) is ignored!"), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("hush") && !line.contains("whist")), "{lines:?}");
    source.stop().await.unwrap();
}
