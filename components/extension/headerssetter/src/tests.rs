use std::{
    fs,
    sync::atomic::{AtomicUsize, Ordering},
};

use slimcol_config::{Section, Settings, from_yaml, parse, render};
use slimcol_service::{ClientInfo, Log, Signals, StopHandle};
use slimcol_testing::assert_metadata;

use super::*;

/// Another authenticator.
#[derive(Default)]
struct Other(AtomicUsize);

impl ClientAuth for Other {
    fn headers<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Vec<HeaderChange>, BoxError>> {
        Box::pin(async { Ok(vec![set("other", "mine")]) })
    }

    fn refused(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn wants_tls(&self) -> bool {
        true
    }
}

fn set(key: &str, value: &str) -> HeaderChange {
    HeaderChange::Set(key.to_owned(), value.to_owned())
}

async fn try_start(yaml: &str, other: &Arc<Other>, log: Log) -> Result<(Offers, StopHandle), String> {
    let cx = Context::standalone("headers_setter", Signals::NONE, log)
        .with_extension("other", Offers::default().with_client_auth(other.clone()))
        .with_extension("empty", Offers::default());
    let extension = HeadersSetter::new(from_yaml(yaml)?, &cx).map_err(|error| error.to_string())?;
    let offers = extension.offers();
    let (handle, stop) = Stop::new();
    extension.start(stop).await.map_err(|error| error.to_string())?;
    Ok((offers, handle))
}

async fn started(yaml: &str) -> (Offers, StopHandle) {
    try_start(yaml, &Arc::default(), Log::none()).await.unwrap()
}

async fn changes(offers: &Offers, client: &Client) -> Result<Vec<HeaderChange>, String> {
    offers.client_auth().unwrap().headers(client).await.map_err(|error| error.to_string())
}

/// Sent by `ann` of the tenant `acme`, with a header that comes twice.
fn client() -> Client {
    let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    Client::new(ClientInfo {
        metadata: vec![("x-tenant".to_owned(), values(&["acme"])), ("twice".to_owned(), values(&["1", "2"]))],
        auth: vec![("username".to_owned(), "ann".to_owned())],
        ..ClientInfo::default()
    })
}

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn every_source_and_every_action() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("value");
    fs::write(&path, " from file\n").unwrap();
    let yaml = format!(
        "headers:
        - {{key: A, action: insert, value: text}}
        - {{key: B, action: update, value_file: '{}'}}
        - {{key: C, action: upsert, from_context: X-Tenant, default_value: none}}
        - {{key: D, from_attribute: username}}
        - {{key: E, action: upsert, from_context: absent, default_value: none}}
        - {{key: F, action: upsert, from_attribute: absent}}
        - {{key: G, action: delete}}",
        path.display()
    );
    let (log, lines) = Log::capture();
    let (offers, _stop) = try_start(&yaml, &Arc::default(), log).await.unwrap();
    assert_eq!(
        changes(&offers, &client()).await.unwrap(),
        [
            HeaderChange::Insert("A".to_owned(), "text".to_owned()),
            HeaderChange::Update("B".to_owned(), "from file".to_owned()),
            set("C", "acme"),
            set("D", "ann"),
            set("E", "none"),
            set("F", ""),
            HeaderChange::Remove("G".to_owned()),
        ]
    );
    let nobody = changes(&offers, &Client::default()).await.unwrap();
    assert_eq!(nobody[2..4], [set("C", "none"), set("D", "")]);
    assert!(!offers.client_auth().unwrap().wants_tls());
    let lines = lines.lock().unwrap();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("The action was not provided, using 'upsert'."), "{lines:?}");
}

#[tokio::test]
async fn two_values_are_none() {
    let (offers, _stop) = started("headers: [{key: A, from_context: twice}]").await;
    assert_eq!(
        changes(&offers, &client()).await.unwrap_err(),
        "failed to determine the source: 2 source keys found in the context, can't determine which one to use"
    );
}

#[tokio::test]
async fn another_authenticator_comes_last() {
    let other = Arc::new(Other::default());
    let yaml = "{headers: [{key: A, value: text}], additional_auth: other}";
    let (offers, _stop) = try_start(yaml, &other, Log::none()).await.unwrap();
    assert_eq!(changes(&offers, &client()).await.unwrap(), [set("A", "text"), set("other", "mine")]);
    let auth = offers.client_auth().unwrap();
    assert!(auth.wants_tls());
    auth.refused();
    assert_eq!(other.0.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn mistakes() {
    for (yaml, text) in [
        ("", "missing headers configuration"),
        ("headers: [{value: x}]", "missing header name"),
        (
            "headers: [{key: a, action: insert}]",
            "missing header source, must be 'from_context', 'from_attribute', 'value', or 'value_file'",
        ),
        (
            "headers: [{key: a, value: b, from_context: c}]",
            "invalid header source, must be only one of 'from_context', 'from_attribute', 'value', or 'value_file'",
        ),
        (
            "{headers: [{key: a, value: b}], additional_auth: headers_setter/2}",
            "must not be another headers_setter",
        ),
        (
            "{headers: [{key: a, value: b}], additional_auth: nobody}",
            "failed to resolve authenticator \"nobody\": authenticator not found",
        ),
        (
            "{headers: [{key: a, value: b}], additional_auth: empty}",
            "requested authenticator is not a client authenticator",
        ),
        ("headers: [{key: a, value_file: /nowhere}]", "open /nowhere: no such file or directory"),
        (
            "headers: [{key: a, action: upset, value: b}]",
            "'headers[0].action' unknown value \"upset\" (valid values: [insert update upsert delete])",
        ),
    ] {
        let error = try_start(yaml, &Arc::default(), Log::none()).await.unwrap_err();
        assert!(error.ends_with(text), "{yaml}: {error}");
    }
}

#[test]
fn the_action_that_was_meant_is_proposed() {
    for (action, meant) in [("upset", "upsert"), ("delet", "delete"), ("Insert", "insert")] {
        let yaml = format!("headers: [{{key: a, value: b, action: {action}}}]");
        let node = parse("config.yaml", &yaml).unwrap();
        let mut section = Section::new(Some(&node), "");
        Config::read(&mut section);
        let shown = render(&section.finish().issues[0]);
        assert!(shown.contains(&format!("^ did you mean `{meant}`?")), "{shown}");
    }
}

#[test]
fn no_action_is_printed_as_none() {
    for (yaml, action) in [
        ("headers: [{key: a, value: b}]", ""),
        ("headers: [{key: a, action: '', value: b}]", ""),
        ("headers: [{key: a, action: insert, value: b}]", "insert"),
    ] {
        let config: Config = from_yaml(yaml).unwrap();
        let node = parse("config.yaml", yaml).unwrap();
        let mut section = Section::new(Some(&node), "").recorded();
        Config::read(&mut section);
        let fields = format!("{:?}", section.take_fields());
        assert!(fields.contains(&format!("Text({action:?})")), "{yaml}: {config:?} {fields}");
    }
}
