//! A token server, as registries send their users to: it gives tokens that a registry checks by the server's certificate.

use std::{
    fmt::Write as _,
    io::{BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rcgen::{Certificate, CertificateParams, KeyPair, SigningKey as _};
use serde_json::{Value, json};

use super::served::Request;

/// A server that gives tokens to one user, until the tests end.
#[derive(Debug)]
pub(crate) struct Tokens {
    address: SocketAddr,
    certificate: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What the server knows.
struct Office {
    key: KeyPair,
    certificate: Certificate,
    /// The `Authorization` of the user.
    basic: String,
    /// What the user can show in place of it.
    identity: String,
}

impl Tokens {
    /// Starts one for a user, who may show `identity` in place of the password.
    pub(crate) fn start(user: &str, password: &str, identity: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate =
            CertificateParams::new(vec!["tokens".to_owned()]).unwrap().self_signed(&key).unwrap();
        let pem = certificate.pem();
        let basic = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        let office = Office { key, certificate, basic, identity: identity.to_owned() };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::default();
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                office.answer(stream, &log);
            }
        });
        Self { address, certificate: pem, asked }
    }

    /// Where tokens are asked for.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/token", self.address)
    }

    /// The certificate that its tokens are signed for, as PEM.
    pub(crate) fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The scopes that were asked for, and by which method.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Office {
    /// Answers one request and hangs up.
    fn answer(&self, stream: TcpStream, log: &Mutex<Vec<String>>) {
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut reader = BufReader::new(stream);
        let Some(request) = Request::read(&mut reader) else { return };
        let query = match request.method() {
            "POST" => str::from_utf8(&request.body).unwrap(),
            _ => request.target().split('?').nth(1).unwrap_or_default(),
        };
        let fields: Vec<(String, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(k, v)| (k.to_owned(), decoded(v)))
            .collect();
        let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let known = request.header("authorization").is_some_and(|given| given == self.basic)
            || field("refresh_token") == Some(&self.identity);
        let scopes: Vec<&str> =
            fields.iter().filter(|(key, _)| key == "scope").flat_map(|(_, scope)| scope.split(' ')).collect();
        let (status, body) = if known {
            log.lock().unwrap().push(format!("{} {}", request.method(), scopes.join(" ")));
            (
                "200 OK",
                json!({"token": self.token(field("service").unwrap_or_default(), &scopes), "expires_in": 300}),
            )
        } else {
            ("401 Unauthorized", json!({"errors": [{"code": "UNAUTHORIZED", "message": "who are you"}]}))
        };
        let body = body.to_string();
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        // Whoever has hung up does not want the answer.
        let _ = reader.into_inner().write_all(answer.as_bytes());
    }

    /// A token for `scopes` (`repository:a/b:pull,push`) at `service`.
    fn token(&self, service: &str, scopes: &[&str]) -> String {
        let access: Vec<Value> = scopes
            .iter()
            .filter_map(|scope| {
                let (kind, rest) = scope.split_once(':')?;
                let (name, actions) = rest.rsplit_once(':')?;
                let actions: Vec<&str> = actions.split(',').collect();
                Some(json!({"type": kind, "name": name, "actions": actions}))
            })
            .collect();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let header = json!({"typ": "JWT", "alg": "ES256", "x5c": [STANDARD.encode(self.certificate.der())]});
        let claims = json!({
            "iss": "suite", "sub": "suite", "aud": service, "jti": "1", "access": access,
            "iat": now, "nbf": now - 60, "exp": now + 300,
        });
        let encoded = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let text = format!("{}.{}", encoded(&header), encoded(&claims));
        let signature = self.key.sign(text.as_bytes()).unwrap();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(fixed(&signature)))
    }
}

/// An ECDSA signature as tokens have it: two numbers of 32 bytes, in place of certificates' form.
fn fixed(der: &[u8]) -> Vec<u8> {
    let mut numbers = Vec::new();
    let mut rest = &der[2..];
    for _ in 0..2 {
        let length = usize::from(rest[1]);
        let number = &rest[2..2 + length];
        rest = &rest[2 + length..];
        let digits = &number[number.len().saturating_sub(32)..];
        numbers.extend(std::iter::repeat_n(0, 32 - digits.len()));
        numbers.extend_from_slice(digits);
    }
    numbers
}

/// A field of a query as it was meant.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut digits = String::new();
                for digit in rest.by_ref().take(2) {
                    write!(digits, "{}", char::from(digit)).unwrap();
                }
                bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}
