use std::{fs, time::Instant};

use slimcol_config::from_yaml;
use slimcol_service::{Client, HeaderChange, Log, Signals, StopHandle};
use slimcol_testing::{assert_metadata, extension_from_yaml};

use super::*;

/// An extension that has started, and what it offers.
async fn started(yaml: &str) -> (Offers, StopHandle) {
    let cx = Context::standalone("basicauth", Signals::NONE, Log::none());
    let extension = BasicAuth::new(from_yaml(yaml).unwrap(), &cx).unwrap();
    let offers = extension.offers();
    let (handle, stop) = Stop::new();
    extension.start(stop).await.unwrap();
    (offers, handle)
}

async fn shown(offers: &Offers) -> Result<String, String> {
    let client = Client::default();
    let headers = offers.client_auth().unwrap().headers(&client).await.map_err(|error| error.to_string())?;
    let [HeaderChange::Set(name, value)] = &headers[..] else { panic!("{headers:?}") };
    assert_eq!(name, "authorization");
    assert!(!format!("{headers:?}").contains(value.as_str()));
    Ok(value.clone())
}

async fn let_in(offers: &Offers, authorization: &str) -> Result<Vec<(String, String)>, String> {
    let headers = [("authorization".to_owned(), authorization.to_owned())];
    offers.server_auth().unwrap().authenticate(&headers).await.map_err(|error| error.to_string())
}

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn what_one_side_shows_the_other_lets_in() {
    // bcrypt of `secret`, and a plain text.
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("htpasswd");
    fs::write(&file, "slow:$2y$04$JBgiTbQBB7ix3SRQXTtGdODlISK/Ql0enMxYLl4HaZW9lcYzhFQqK\nboth:file").unwrap();
    let (server, _server) =
        started(&format!("htpasswd: {{file: '{}', inline: 'both:inline'}}", file.display())).await;
    for (username, password, right) in [
        ("slow", "secret", true),
        ("slow", "secret", true),
        ("slow", "Secret", false),
        ("both", "inline", true),
        ("both", "file", false),
        ("nobody", "secret", false),
    ] {
        let yaml = format!("client_auth: {{username: {username}, password: {password}}}");
        let (client, _client) = started(&yaml).await;
        let value = shown(&client).await.unwrap();
        let expected = if right {
            let raw = value.trim_start_matches("Basic ").to_owned();
            Ok(vec![("username".to_owned(), username.to_owned()), ("raw".to_owned(), raw)])
        } else {
            Err("invalid credentials".to_owned())
        };
        assert_eq!(let_in(&server, &value).await, expected, "{username}:{password}");
        assert!(client.client_auth().unwrap().wants_tls());
        assert!(client.server_auth().is_none() && server.client_auth().is_none());
    }
}

#[tokio::test]
async fn a_slow_hash_is_tried_once() {
    // Cost 12: a quarter of a second and more.
    let (server, _server) =
        started("htpasswd: {inline: 'me:$2y$12$qRxLHel0LdbU5bznFoBOUOAg8VZzrOzRKtvaiL/.cqTXbTnRm9Mge'}")
            .await;
    let authorization = "Basic bWU6c2VjcmV0";
    let began = Instant::now();
    let (one, two) = tokio::join!(let_in(&server, authorization), let_in(&server, authorization));
    assert!(one.is_ok() && two.is_ok());
    let slow = began.elapsed();
    let began = Instant::now();
    for _ in 0..10 {
        assert!(let_in(&server, authorization).await.is_ok());
    }
    assert!(began.elapsed() < slow, "{:?} for ten, {slow:?} for the first", began.elapsed());
}

#[tokio::test]
async fn go_s_words_for_who_stays_out() {
    let (server, _server) = started("htpasswd: {inline: 'me:you'}").await;
    for (authorization, text) in [
        ("", "no basic auth provided"),
        ("Bearer x", "invalid authorization scheme prefix"),
        ("Basic", "invalid authorization scheme prefix"),
        ("Basic !", "invalid authorization format"),
        ("Basic bWU=", "invalid authorization format"),
        ("basic bWU6bWU=", "invalid credentials"),
    ] {
        assert_eq!(let_in(&server, authorization).await.unwrap_err(), text, "{authorization}");
    }
    assert!(let_in(&server, "basic bWU6eW91").await.is_ok());
    let none = server.server_auth().unwrap().authenticate(&[]).await.unwrap_err().to_string();
    assert_eq!(none, "no basic auth provided");
}

#[tokio::test]
async fn files_go_before_texts() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    fs::write(path("name"), "me\n").unwrap();
    fs::write(path("password"), "  you \n").unwrap();
    let yaml = format!(
        "client_auth: {{username: x, username_file: '{}', password: y, password_file: '{}'}}",
        path("name"),
        path("password")
    );
    let (client, _client) = started(&yaml).await;
    assert_eq!(shown(&client).await.unwrap(), "Basic bWU6eW91");
    let (named, _named) = started(&format!("client_auth: {{username_file: '{}'}}", path("name"))).await;
    assert_eq!(shown(&named).await.unwrap(), "Basic bWU6");
    fs::write(path("name"), "m:e").unwrap();
    let (colon, _colon) = started(&format!("client_auth: {{username_file: '{}'}}", path("name"))).await;
    assert_eq!(shown(&colon).await.unwrap_err(), "invalid authorization format");
}

#[tokio::test]
async fn mistakes() {
    for (yaml, text) in [
        ("", "no credential source provided"),
        ("htpasswd: {}", "no credential source provided"),
        (
            "{htpasswd: {inline: x}, client_auth: {username: x}}",
            "only one of `htpasswd` or `client_auth` can be specified",
        ),
        ("htpasswd: {file: /nowhere}", "open htpasswd file: open /nowhere: no such file or directory"),
        ("client_auth: {password_file: /nowhere}", "open /nowhere: no such file or directory"),
        ("client_auth: {username: 'a:b'}", "invalid authorization format"),
    ] {
        let error = extension_from_yaml(&FACTORY, yaml).await.unwrap_err();
        assert!(error.ends_with(text), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn lines_that_say_nothing_are_told_by_number() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("htpasswd");
    fs::write(&file, "a:b\nhush\n").unwrap();
    let yaml = format!("htpasswd: {{file: '{}', inline: \"c:d\\n{{SHA}}hush\"}}", file.display());
    let source = extension_from_yaml(&FACTORY, &yaml).await.unwrap();
    let lines = source.log().all();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("\"line\": 2") && lines[0].contains(&file.display().to_string()), "{lines:?}");
    assert!(lines[1].contains("\"line\": 2") && lines[1].contains("\"htpasswd\": \"inline\""), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("hush")), "{lines:?}");
    source.stop().await.unwrap();
}
