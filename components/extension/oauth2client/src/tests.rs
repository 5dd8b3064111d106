use std::fs;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rcgen::KeyPair;
use ring::signature::{RSA_PKCS1_2048_8192_SHA384, UnparsedPublicKey};
use serde_json::Value;
use slimcol_config::from_yaml;
use slimcol_service::{Log, Signals};
use slimcol_testing::{Asked, RSA_KEY, Site, assert_metadata, extension_from_yaml};

use super::*;

/// A field of a form whose value needs no escapes but of colons.
fn field(form: &str, name: &str) -> Option<String> {
    let value = form.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1;
    Some(value.replace("%3A", ":"))
}

const JSON: &str = "application/json";

/// The client side of an extension that asks the site.
fn auth(yaml: &str, site: &Site) -> Arc<dyn ClientAuth> {
    let yaml = format!("{{token_url: '{}/token', {yaml}}}", site.url());
    let cx = Context::standalone("oauth2client", Signals::NONE, Log::none());
    let extension = OAuth2Client::new(from_yaml(&yaml).unwrap(), &cx).unwrap();
    extension.offers().client_auth().unwrap().clone()
}

async fn shown(auth: &Arc<dyn ClientAuth>) -> Result<String, String> {
    let changes = auth.headers(&Client::default()).await.map_err(|error| error.to_string())?;
    let [HeaderChange::Set(name, value)] = &changes[..] else { panic!("{changes:?}") };
    assert_eq!(name, "authorization");
    Ok(value.clone())
}

fn header<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    asked
        .head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

fn token(_: &Asked) -> (u16, &'static str, String) {
    (200, JSON, r#"{"access_token":"t0ken","token_type":"bearer","expires_in":3600}"#.to_owned())
}

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn one_request_serves_all() {
    let site = Site::start(token).await;
    let yaml = "client_id: 'me & you', client_secret: 'p:w', scopes: [a, b], \
                endpoint_params: {audience: x, resource: [y, z]}";
    let auth = auth(yaml, &site);
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let auth = auth.clone();
            tokio::spawn(async move { shown(&auth).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), "Bearer t0ken");
    }
    let asked = site.asked();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].head.starts_with("POST /token HTTP/1.1\r\n"), "{asked:?}");
    assert_eq!(header(&asked[0], "content-type"), Some("application/x-www-form-urlencoded"));
    // `me+%26+you:p%3Aw`
    assert_eq!(header(&asked[0], "authorization"), Some("Basic bWUrJTI2K3lvdTpwJTNBdw=="));
    assert_eq!(asked[0].body, "audience=x&grant_type=client_credentials&resource=y&resource=z&scope=a+b");
    assert!(auth.wants_tls());
}

#[tokio::test]
async fn a_server_that_wants_the_secret_in_the_body_gets_it_there_from_then_on() {
    let site = Site::start(|asked| {
        if asked.body.contains("client_secret=hush") {
            (200, JSON, r#"{"access_token":"t","expires_in":-1}"#.to_owned())
        } else {
            (401, JSON, r#"{"error":"invalid_client"}"#.to_owned())
        }
    })
    .await;
    let auth = auth("client_id: me, client_secret: hush, endpoint_params: {grant_type: own}", &site);
    for _ in 0..2 {
        assert_eq!(shown(&auth).await.unwrap(), "Bearer t");
    }
    let bodies: Vec<String> = site.asked().into_iter().map(|asked| asked.body).collect();
    let with = "client_id=me&client_secret=hush&grant_type=own";
    assert_eq!(bodies, ["grant_type=own", with, with]);
    assert!(site.asked()[1..].iter().all(|asked| header(asked, "authorization").is_none()));
}

#[tokio::test]
async fn files_go_before_texts_and_are_read_for_each_token() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).display().to_string();
    let site = Site::start(|_| (200, JSON, r#"{"access_token":"t","expires_in":-1}"#.to_owned())).await;
    let yaml = format!(
        "client_id: no, client_id_file: '{}', client_secret: no, client_secret_file: '{}'",
        path("id"),
        path("secret")
    );
    let auth = auth(&yaml, &site);
    let at =
        format!("failed to get security token from token endpoint (endpoint \"{}/token\"): ", site.url());
    let expect = |text: String| format!("{at}{text}");
    let missing = "open /: no such file or directory".replace('/', &path("id"));
    assert_eq!(
        shown(&auth).await.unwrap_err(),
        expect(format!(
            "{}; failed to read credentials file {:?}: {missing}",
            config::NO_CLIENT_ID,
            path("id")
        ))
    );
    fs::write(path("id"), " me\n").unwrap();
    fs::write(path("secret"), "\n").unwrap();
    assert_eq!(
        shown(&auth).await.unwrap_err(),
        expect(format!("{}; empty credentials file {:?}", config::NO_CLIENT_SECRET, path("secret")))
    );
    for secret in ["one", "two"] {
        fs::write(path("secret"), secret).unwrap();
        assert_eq!(shown(&auth).await.unwrap(), "Bearer t");
    }
    let shown: Vec<_> =
        site.asked().iter().map(|asked| header(asked, "authorization").unwrap().to_owned()).collect();
    assert_eq!(shown, ["Basic bWU6b25l", "Basic bWU6dHdv"]);
}

#[tokio::test]
async fn what_the_server_says_is_told_without_the_secret() {
    for (status, body, text) in [
        (400, r#"{"error":"invalid_scope","error_description":"no"}"#, r#"oauth2: "invalid_scope" "no""#),
        (401, r#"{"error":"x","error_description":"no hush"}"#, r#"oauth2: "x" "[REDACTED]""#),
        (503, "hush", "oauth2: cannot fetch token: 503 Service Unavailable"),
    ] {
        let site = Site::start(move |_| (status, JSON, body.to_owned())).await;
        let auth = auth("client_id: me, client_secret: hush", &site);
        let error = shown(&auth).await.unwrap_err();
        assert!(error.ends_with(&format!("/token\"): {text}")), "{error}");
        // A server that is out of order is not shown the secret in another way.
        assert_eq!(site.asked().len(), if status == 503 { 1 } else { 2 });
    }
    let site = Site::start(|_| (200, JSON, "x".repeat(2 << 20))).await;
    let error = shown(&auth("client_id: me, client_secret: hush", &site)).await.unwrap_err();
    assert!(
        error.contains("oauth2: cannot fetch token: Post ") && error.ends_with("body too large"),
        "{error}"
    );
    // A port that nobody listens on any more.
    let url = format!("http://{}", std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let yaml = format!("{{token_url: '{url}', client_id: me, client_secret: hush}}");
    let cx = Context::standalone("oauth2client", Signals::NONE, Log::none());
    let extension = OAuth2Client::new(from_yaml(&yaml).unwrap(), &cx).unwrap();
    let error = shown(extension.offers().client_auth().unwrap()).await.unwrap_err();
    assert!(error.ends_with("connect: connection refused"), "{error}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let yaml = format!("{{token_url: '{url}', client_id: me, client_secret: hush, timeout: 50ms}}");
    let cx = Context::standalone("oauth2client", Signals::NONE, Log::none());
    let extension = OAuth2Client::new(from_yaml(&yaml).unwrap(), &cx).unwrap();
    let error = shown(extension.offers().client_auth().unwrap()).await.unwrap_err();
    assert!(error.contains("context deadline exceeded"), "{error}");
}

#[tokio::test]
async fn a_signed_statement_goes_instead_of_a_secret() {
    let site = Site::start(token).await;
    let pem = RSA_KEY;
    let yaml = format!(
        "grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', client_id: me, scopes: [s], \
         client_certificate_key: {pem:?}, client_certificate_key_id: k1, signature_algorithm: RS384, \
         claims: {{tenant: t, level: 3, sub: other}}"
    );
    let auth = auth(&yaml, &site);
    assert_eq!(shown(&auth).await.unwrap(), "Bearer t0ken");
    let asked = site.asked();
    assert_eq!(header(&asked[0], "authorization"), None);
    let statement = field(&asked[0].body, "assertion").unwrap();
    assert_eq!(
        field(&asked[0].body, "grant_type").as_deref(),
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer")
    );
    assert_eq!(field(&asked[0].body, "scope").as_deref(), Some("s"));
    let (message, signature) = statement.rsplit_once('.').unwrap();
    let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
    let public = assertion::key(pem).unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA384, public.public().as_ref())
        .verify(message.as_bytes(), &decode(signature))
        .unwrap();
    let parts: Vec<Value> =
        message.split('.').map(|part| serde_json::from_slice(&decode(part)).unwrap()).collect();
    assert_eq!(parts[0].to_string(), r#"{"alg":"RS384","kid":"k1","typ":"JWT"}"#);
    let claim = |name: &str| parts[1][name].clone();
    assert_eq!(claim("aud"), format!("{}/token", site.url()));
    assert_eq!((claim("iss"), claim("sub"), claim("scope")), ("me".into(), "other".into(), "s".into()));
    assert_eq!((claim("tenant"), claim("level")), ("t".into(), 3.into()));
    assert_eq!(claim("exp").as_u64().unwrap() - claim("iat").as_u64().unwrap(), 1800);
    assert_eq!(claim("jti").as_str().unwrap().len(), 36);
}

#[tokio::test]
async fn mistakes() {
    let jwt = "grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer'";
    for (yaml, text) in [
        ("{client_secret: s, token_url: 'http://h'}".to_owned(), config::NO_CLIENT_ID),
        ("{client_id: i, token_url: 'http://h'}".to_owned(), config::NO_CLIENT_SECRET),
        (format!("{{client_id: i, client_secret: s, token_url: 'http://h', {jwt}}}"), config::NO_KEY),
        (
            "{client_id: i, client_secret: s}".to_owned(),
            "no TokenURL provided in OAuth Client Credentials configuration",
        ),
        (
            "{client_id: i, client_secret: s, token_url: 'h'}".to_owned(),
            "invalid token_url: it must be an http:// or https:// URL",
        ),
        (
            "{client_id: i, client_secret: s, token_url: 'http://h', grant_type: client_credential}".to_owned(),
            "'grant_type' unknown value \"client_credential\" (valid values: [client_credentials \
             urn:ietf:params:oauth:grant-type:jwt-bearer])",
        ),
        (
            "{client_id: i, client_secret: s, token_url: 'http://h', scopes: [a], endpoint_params: {scope: b}}"
                .to_owned(),
            "oauth2: cannot overwrite parameter \"scope\"",
        ),
        (
            format!("{{client_id: i, token_url: 'http://h', client_certificate_key: x, {jwt}}}"),
            "invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key",
        ),
        (
            format!(
                "{{client_id: i, token_url: 'http://h', client_certificate_key: {:?}, {jwt}}}",
                KeyPair::generate().unwrap().serialize_pem()
            ),
            "key is not a valid RSA private key: WrongAlgorithm",
        ),
        (
            "{client_id: i, client_secret: s, token_url: 'https://h', tls: {ca_file: /nowhere}}".to_owned(),
            "failed to load cert /nowhere: open /nowhere: no such file or directory",
        ),
    ] {
        let error = extension_from_yaml(&FACTORY, &yaml).await.unwrap_err();
        assert!(error.ends_with(text), "{yaml}: {error}");
    }
}
