mod signer;

use std::{fs, sync::Mutex, time::Duration};

use serde_json::{Value, json};
use slimcol_config::from_yaml;
use slimcol_service::{Log, Refused, Signals, StopHandle};
use slimcol_testing::{Asked, Reply, Site, assert_metadata, extension_from_yaml};

use self::signer::{Signer, claims};
use super::*;

/// A provider: its keys, and whether it is out of order.
#[derive(Default)]
struct Issuer {
    keys: Mutex<Vec<Value>>,
    algorithms: Vec<&'static str>,
    down: Mutex<bool>,
}

impl Issuer {
    fn with(algorithms: &[&'static str], keys: Vec<Value>) -> Arc<Self> {
        Arc::new(Self { keys: Mutex::new(keys), algorithms: algorithms.to_vec(), ..Self::default() })
    }

    fn reply(&self, asked: &Asked) -> Reply {
        let host = asked.head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
        let url = format!("http://{host}");
        let text = if asked.head.starts_with("GET /.well-known/openid-configuration ") {
            json!({
                "issuer": url,
                "jwks_uri": format!("{url}/keys"),
                "id_token_signing_alg_values_supported": self.algorithms,
            })
        } else if *self.down.lock().unwrap() {
            return (500, "text/plain", "out of order".to_owned());
        } else {
            json!({"keys": *self.keys.lock().unwrap()})
        };
        (200, "application/json", text.to_string())
    }
}

async fn serve(issuer: &Arc<Issuer>) -> Site {
    let issuer = issuer.clone();
    Site::start(move |asked| issuer.reply(asked)).await
}

async fn try_start(yaml: &str, log: Log) -> Result<(Arc<dyn ServerAuth>, StopHandle), String> {
    let cx = Context::standalone("oidc", Signals::NONE, log);
    let extension = Oidc::new(from_yaml(yaml)?, &cx).map_err(|error| error.to_string())?;
    let door = extension.offers().server_auth().unwrap().clone();
    let (handle, stop) = Stop::new();
    extension.start(stop).await.map_err(|error| error.to_string())?;
    Ok((door, handle))
}

async fn started(site: &Site) -> (Arc<dyn ServerAuth>, StopHandle) {
    let yaml = format!("providers: [{{issuer_url: '{}', audience: me}}]", site.url());
    try_start(&yaml, Log::none()).await.unwrap()
}

type Verdict = Result<Vec<(String, String)>, BoxError>;

async fn ask(door: &Arc<dyn ServerAuth>, value: &str) -> Verdict {
    door.authenticate(&[("authorization".to_owned(), value.to_owned())]).await
}

async fn show(door: &Arc<dyn ServerAuth>, token: &str) -> Result<(), String> {
    ask(door, &format!("Bearer {token}")).await.map(drop).map_err(|error| error.to_string())
}

const UNSIGNED: &str =
    "failed to verify token: failed to verify signature: failed to verify id token signature";

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn every_algorithm_counts_where_the_provider_lists_it() {
    for algorithm in Algorithm::ALL.map(Algorithm::name) {
        let signer = Signer::of(algorithm);
        let site = serve(&Issuer::with(&[algorithm, "HS256", "none"], vec![signer.jwk("k")])).await;
        let (door, _stop) = started(&site).await;
        let token = signer.sign(&json!({"alg": algorithm, "kid": "k"}), &claims(&site.url()));
        let learned = ask(&door, &format!("Bearer {token}")).await.unwrap();
        assert_eq!(learned[0], ("subject".to_owned(), "ann".to_owned()), "{algorithm}");
        // Another word before it, and no key's name, are as good.
        let nameless = signer.sign(&json!({"alg": algorithm}), &claims(&site.url()));
        assert!(ask(&door, &format!("Token {nameless}")).await.is_ok(), "{algorithm}");
        for (name, bad) in forged(&token, algorithm, &site.url()) {
            let error = show(&door, &bad).await.unwrap_err();
            assert!(error.starts_with("failed to"), "{algorithm} {name}: {error}");
        }
    }
}

/// What somebody without the key makes of a token.
fn forged(token: &str, algorithm: &str, issuer: &str) -> Vec<(&'static str, String)> {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    let parts: Vec<&str> = token.split('.').collect();
    let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let mut better = claims(issuer);
    better["sub"] = "root".into();
    let mut signature = BASE64_URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    signature[5] ^= 1;
    let header = |name: &str| part(json!({"alg": name, "kid": "k"}));
    vec![
        ("other claims", format!("{}.{}.{}", parts[0], part(better.clone()), parts[2])),
        (
            "other signature",
            format!("{}.{}.{}", parts[0], parts[1], BASE64_URL_SAFE_NO_PAD.encode(&signature)),
        ),
        ("cut signature", format!("{}.{}.{}", parts[0], parts[1], &parts[2][..parts[2].len() - 4])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        (
            "zero signature",
            format!("{}.{}.{}", parts[0], parts[1], BASE64_URL_SAFE_NO_PAD.encode(vec![0; 64])),
        ),
        ("none", format!("{}.{}.", header("none"), parts[1])),
        ("None", format!("{}.{}.{}", header("None"), parts[1], parts[2])),
        ("HS256", format!("{}.{}.{}", header("HS256"), parts[1], parts[2])),
        ("ES512", format!("{}.{}.{}", header("ES512"), parts[1], parts[2])),
        (
            "another algorithm",
            format!(
                "{}.{}.{}",
                header(if algorithm == "RS256" { "PS256" } else { "RS256" }),
                parts[1],
                parts[2]
            ),
        ),
        ("crit", {
            let header = part(json!({"alg": algorithm, "kid": "k", "crit": ["b64"], "b64": false}));
            format!("{header}.{}.{}", parts[1], parts[2])
        }),
    ]
}

#[tokio::test]
async fn refusals_say_why_to_the_sender_and_to_the_log() {
    let signer = Signer::of("RS256");
    let site = serve(&Issuer::with(&["RS256"], vec![signer.jwk("k")])).await;
    let (log, lines) = Log::capture();
    let yaml =
        format!("{{issuer_url: '{}', audience: me, groups_claim: groups, attribute: X-Auth}}", site.url());
    let (door, _stop) = try_start(&yaml, log).await.unwrap();
    let sign = |header: Value, change: Value| {
        let mut claims = claims(&site.url());
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        format!("Bearer {}", signer.sign(&header, &claims))
    };
    let (rs, es) = (json!({"alg": "RS256", "kid": "k"}), json!({"alg": "ES256", "kid": "k"}));
    let hs = json!({"alg": "HS256"});
    let all = r#"["RS256" "RS384" "RS512" "PS256" "PS384" "PS512" "ES256" "ES384" "EdDSA"]"#;
    for (value, what, text) in [
        ("x".to_owned(), "invalid header format", "invalid authorization header format".to_owned()),
        ("Bearer a b".to_owned(), "invalid header format", "invalid authorization header format".to_owned()),
        (
            "Bearer x".to_owned(),
            "could not parse issuer from token",
            "failed to parse the token: oidc: malformed jws: compact JWS format must have three parts".to_owned(),
        ),
        (
            "Bearer !.x.x".to_owned(),
            "could not parse issuer from token",
            "failed to parse the token: oidc: malformed jws: illegal base64 data".to_owned(),
        ),
        (
            sign(hs, json!({})),
            "could not parse issuer from token",
            format!(
                "failed to parse the token: oidc: malformed jws: unexpected signature algorithm \"HS256\"; expected {all}"
            ),
        ),
        (
            sign(rs.clone(), json!({"iss": 5})),
            "could not parse issuer from token",
            "failed to parse the token: oidc: failed to unmarshal claims: `iss` is no string".to_owned(),
        ),
        (
            sign(es, json!({})),
            "token verification failed",
            "failed to verify token: oidc: malformed jwt: unexpected signature algorithm \"ES256\"; expected [\"RS256\"]"
                .to_owned(),
        ),
        (
            sign(rs.clone(), json!({"iss": "http://other"})),
            "token verification failed",
            format!(
                "failed to verify token: oidc: id token issued by a different provider, expected {:?} got \
                 \"http://other\"",
                site.url()
            ),
        ),
        (
            sign(rs.clone(), json!({"exp": 0})),
            "token verification failed",
            "failed to verify token: oidc: token is expired (Token Expiry: 1970-01-01 00:00:00 +0000 UTC)".to_owned(),
        ),
        (sign(json!({"alg": "RS256", "kid": "other"}), json!({})), "token verification failed", UNSIGNED.to_owned()),
        (
            sign(rs.clone(), json!({})),
            "could not get groups from claims",
            "failed to get groups from claims in the token: groups claim from the OIDC configuration not found on the \
             token returned by the OIDC provider"
                .to_owned(),
        ),
    ] {
        let error = door.authenticate(&[("x-auth".to_owned(), value)]).await.unwrap_err();
        assert_eq!(error.to_string(), text);
        let last = lines.lock().unwrap().last().cloned().unwrap();
        assert!(last.contains(&format!("Authentication failed: {what}")), "{last}");
    }
    let error = ask(&door, &sign(rs, json!({"groups": "x"}))).await.unwrap_err();
    assert_eq!(error.to_string(), "authentication didn't succeed");
}

#[tokio::test]
async fn a_token_is_checked_by_the_provider_that_it_names() {
    let (first, second) = (Signer::of("ES256"), Signer::of("ES256"));
    let one = serve(&Issuer::with(&["ES256"], vec![first.jwk("k")])).await;
    let two = serve(&Issuer::with(&["ES256"], vec![second.jwk("k")])).await;
    let yaml = format!(
        "{{issuer_url: '{}', audience: me, providers: [{{issuer_url: '{}', ignore_audience: true}}]}}",
        one.url(),
        two.url()
    );
    let (door, _stop) = try_start(&yaml, Log::none()).await.unwrap();
    let header = json!({"alg": "ES256", "kid": "k"});
    assert_eq!(show(&door, &first.sign(&header, &claims(&one.url()))).await, Ok(()));
    assert_eq!(show(&door, &second.sign(&header, &claims(&two.url()))).await, Ok(()));
    assert_eq!(show(&door, &first.sign(&header, &claims(&two.url()))).await.unwrap_err(), UNSIGNED);
    let error = show(&door, &first.sign(&header, &claims("http://three"))).await.unwrap_err();
    assert_eq!(
        error,
        "failed to resolve OIDC provider for the issuer \"http://three\": no OIDC provider configured for the issuer \
         \"http://three\""
    );
}

#[tokio::test]
async fn new_keys_are_asked_for_once_and_not_too_often() {
    let (old, new) = (Signer::of("ES256"), Signer::of("ES256"));
    let issuer = Issuer::with(&["ES256"], vec![old.jwk("old")]);
    let site = serve(&issuer).await;
    let (door, _stop) = started(&site).await;
    let asked = || site.asked().len();
    // The description and the keys.
    assert_eq!(asked(), 2);
    *issuer.keys.lock().unwrap() = vec![new.jwk("new")];
    let token = new.sign(&json!({"alg": "ES256", "kid": "new"}), &claims(&site.url()));
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (door, token) = (door.clone(), token.clone());
            tokio::spawn(async move { show(&door, &token).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Ok(()));
    }
    assert_eq!(asked(), 3);
    // The old key is no more.
    let token = old.sign(&json!({"alg": "ES256", "kid": "old"}), &claims(&site.url()));
    for _ in 0..50 {
        assert_eq!(show(&door, &token).await.unwrap_err(), UNSIGNED);
    }
    assert_eq!(asked(), 1 + 5);
}

#[tokio::test]
async fn while_the_provider_is_down_nobody_knows() {
    let signer = Signer::of("ES256");
    let issuer = Issuer::with(&["ES256"], vec![signer.jwk("k")]);
    *issuer.down.lock().unwrap() = true;
    let site = serve(&issuer).await;
    let (log, lines) = Log::capture();
    let yaml = format!("providers: [{{issuer_url: '{}', audience: me}}]", site.url());
    let (door, _stop) = try_start(&yaml, log).await.unwrap();
    assert!(lines.lock().unwrap()[0].contains("cannot get the keys yet"));
    let token = signer.sign(&json!({"alg": "ES256", "kid": "k"}), &claims(&site.url()));
    for _ in 0..20 {
        let error = ask(&door, &format!("Bearer {token}")).await.unwrap_err();
        let refused = error.downcast_ref::<Refused>().unwrap();
        assert!(!refused.is_permanent());
        assert_eq!(
            error.to_string(),
            "failed to verify token: failed to verify signature: fetching keys oidc: get keys failed: 500 Internal \
             Server Error"
        );
    }
    let asked = site.asked().len();
    assert!(asked < 10, "{asked}");
    *issuer.down.lock().unwrap() = false;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(10)).await;
    tokio::time::resume();
    assert_eq!(show(&door, &token).await, Ok(()));
}

#[tokio::test]
async fn keys_of_a_file_change_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    let (first, second) = (Signer::of("RS256"), Signer::of("EdDSA"));
    let write = |keys: Vec<Value>| fs::write(&path, json!({"keys": keys}).to_string()).unwrap();
    write(vec![first.jwk("a"), json!({"kty": "oct", "k": "AA"}), json!({"kty": "EC", "crv": "P-521"})]);
    let yaml = format!(
        "providers: [{{issuer_url: 'http://issuer', audience: me, public_keys_file: '{}'}}]",
        path.display()
    );
    let (door, _stop) = try_start(&yaml, Log::none()).await.unwrap();
    let rsa = |alg: &str| first.sign(&json!({"alg": alg, "kid": "unknown"}), &claims("http://issuer"));
    let ed = second.sign(&json!({"alg": "EdDSA"}), &claims("http://issuer"));
    assert_eq!(show(&door, &rsa("RS256")).await, Ok(()));
    assert_eq!(show(&door, &rsa("PS512")).await, Ok(()));
    let error = show(&door, &ed).await.unwrap_err();
    assert!(error.contains("unexpected signature algorithm \"EdDSA\"; expected [\"RS256\""), "{error}");
    write(vec![second.jwk("b")]);
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while show(&door, &ed).await.is_err() {
        assert!(std::time::Instant::now() < deadline, "the new key does not count");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(show(&door, &rsa("RS256")).await.is_err());
}

#[tokio::test]
async fn mistakes() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        fs::write(dir.path().join(name), text).unwrap();
        dir.path().join(name).display().to_string()
    };
    let (empty, text, none) =
        (file("empty", ""), file("text", "hello"), file("none", r#"{"keys": [{"kty": "oct"}]}"#));
    let site = Site::start(|_| (404, "text/plain", "nothing".to_owned())).await;
    let other = Site::start(|_| (200, "application/json", r#"{"issuer": "http://x"}"#.to_owned())).await;
    let one = |rest: &str| format!("providers: [{{issuer_url: 'http://h', audience: a, {rest}}}]");
    let at = |url: &str| format!("providers: [{{issuer_url: '{url}', audience: a}}]");
    let started = "failed to get configuration from at least one configured auth server: ";
    for (yaml, expected) in [
        ("providers: [{issuer_url: x}]".to_owned(), "no Audience provided for the OIDC configuration".to_owned()),
        ("audience: x".to_owned(), "no IssuerURL provided for the OIDC configuration".to_owned()),
        (
            "{issuer_url: x, audience: y, providers: [{issuer_url: x}]}".to_owned(),
            "duplicate issuer URL found: x".to_owned(),
        ),
        (
            "{issuer_url: x, audience: y, providers: [{issuer_url: z, audience: y, ignore_issuer: true}]}".to_owned(),
            "ignore_issuer cannot be true when multiple providers are configured".to_owned(),
        ),
        (
            one("public_keys_file: /nowhere"),
            "invalid public_keys_file \"/nowhere\": could not read file: open /nowhere: no such file or directory"
                .to_owned(),
        ),
        (
            one(&format!("public_keys_file: '{text}'")),
            format!("invalid public_keys_file {text:?}: failed to parse JWKS: expected value at line 1 column 1"),
        ),
        (
            one(&format!("public_keys_file: '{none}'")),
            format!(
                "invalid public_keys_file {none:?}: file contains no supported keys (supported types are RSA, ECDSA, and \
                 ED25519)"
            ),
        ),
        (
            one("issuer_ca_path: /nowhere"),
            format!("{started}could not read the CA file \"/nowhere\": open /nowhere: no such file or directory"),
        ),
        (
            one(&format!("issuer_ca_path: '{empty}'")),
            format!("{started}could not read the CA file {empty:?}: empty file"),
        ),
        (
            one(&format!("issuer_ca_path: '{text}'")),
            format!("{started}cannot decode the contents of the CA file {text:?}"),
        ),
        (at("h"), format!("{started}failed to create OIDC provider for \"h\": `issuer_url` is no http:// or https:// URL")),
        (at(&site.url()), format!("{started}failed to create OIDC provider for {:?}: 404 Not Found", site.url())),
        (
            at(&other.url()),
            format!(
                "{started}failed to create OIDC provider for {:?}: oidc: issuer URL provided to client ({:?}) did not match \
                 the issuer URL returned by provider (\"http://x\")",
                other.url(),
                other.url()
            ),
        ),
    ] {
        let error = extension_from_yaml(&FACTORY, &yaml).await.unwrap_err();
        assert!(error.ends_with(&expected), "{yaml}: {error}");
    }
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = extension_from_yaml(&FACTORY, &at(&format!("http://{gone}"))).await.unwrap_err();
    assert!(error.ends_with(&format!(
        "Get \"http://{gone}/.well-known/openid-configuration\": dial tcp {gone}: connect: connection refused"
    )), "{error}");
}
