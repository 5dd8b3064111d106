//! Against a server that answers as it is told to: what a real registry does only on a bad day. The good days are the
//! end-to-end suite's, with a real one.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use slimcol_config::Secret;

use super::{credentials::Login, *};
use crate::image::{describe, document::Descriptor};

/// What a request was: `PUT /v2/… Content-Range: 0-1 [3]`, with the headers that matter here and the length of its body.
type Log = Arc<Mutex<Vec<String>>>;

/// Answers every request with what `answer` says to its line in the log: a status and headers, then a body.
fn server(answer: impl Fn(&str) -> (&'static str, String) + Send + 'static) -> (SocketAddr, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let log = Log::default();
    let seen = Arc::clone(&log);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            while let Some(line) = request(&mut reader) {
                let (head, body) = answer(&line);
                seen.lock().unwrap().push(line);
                let length = body.len();
                let answer = format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n{body}");
                reader.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        }
    });
    (address, log)
}

fn request(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut line = line.trim_end_matches(" HTTP/1.1\r\n").to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap(),
            name @ ("authorization" | "content-range") => line = format!("{line} {name}: {value}"),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    Some(if length > 0 { format!("{line} [{length}]") } else { line })
}

fn client() -> Client {
    Client::new(Trust::of("127.0.0.1", None).unwrap(), true, Duration::from_millis(1))
}

fn found(login: Option<Login>) -> Found {
    Found { login, origin: "user `u` from `file`".to_owned() }
}

fn password() -> Login {
    Login::Password { user: "u".to_owned(), password: Secret::new("hunter2") }
}

/// Pushes a blob of six bytes to `a/b`: what came of it, and what was asked.
fn blob(
    login: Option<Login>,
    piece: Option<usize>,
    answer: impl Fn(&str) -> (&'static str, String) + Send + 'static,
) -> (Result<Sent, String>, Vec<String>) {
    let (address, log) = server(answer);
    let (client, base, found) = (client(), format!("http://{address}"), found(login));
    let to = Repository::new(&client, &base, "registry.test", "a/b".to_owned(), &found, None);
    let digest = "sha256:0011";
    let blob = Descriptor { digest: digest.to_owned(), ..describe("x", b"abcdef") };
    let sent = to.blob(&blob, b"abcdef", piece).map_err(|failure| failure.message.replace(&base, "[base]"));
    let log = log.lock().unwrap().iter().map(|line| line.replace("sha256:0011", "DIGEST")).collect();
    (sent, log)
}

fn none() -> String {
    String::new()
}

/// A registry that takes everything but what fits `odd`, to which it answers something else.
fn except(
    odd: impl Fn(&str) -> bool + Send + 'static,
    head: &'static str,
    body: &'static str,
) -> impl Fn(&str) -> (&'static str, String) + Send + 'static {
    move |line| if odd(line) { (head, body.to_owned()) } else { willing(line) }
}

/// A registry that takes everything.
fn willing(line: &str) -> (&'static str, String) {
    match line.split(' ').next().unwrap() {
        "HEAD" => ("404 Not Found", none()),
        "PUT" => ("201 Created", none()),
        _ => ("202 Accepted\r\nLocation: /up?state=1", none()),
    }
}

#[test]
fn a_blob_goes_in_one_piece_or_in_several() {
    let (sent, log) = blob(None, None, willing);
    assert_eq!(sent, Ok(Sent::Uploaded));
    assert_eq!(
        log,
        ["HEAD /v2/a/b/blobs/DIGEST", "POST /v2/a/b/blobs/uploads/", "PUT /up?state=1&digest=DIGEST [6]"]
    );
    let (sent, log) = blob(None, Some(4), willing);
    assert_eq!(sent, Ok(Sent::Uploaded));
    assert_eq!(
        log[2..],
        [
            "PATCH /up?state=1 content-range: 0-3 [4]",
            "PATCH /up?state=1 content-range: 4-5 [2]",
            "PUT /up?state=1&digest=DIGEST"
        ]
    );
    let (sent, log) = blob(
        None,
        Some(1),
        except(
            |line| line.starts_with("POST"),
            "202 Accepted\r\nLocation: /up\r\nOCI-Chunk-Min-Length: 5",
            "",
        ),
    );
    assert_eq!(sent, Ok(Sent::Uploaded));
    assert!(log[2].ends_with("0-4 [5]") && log[3].ends_with("5-5 [1]"), "{log:?}");
}

#[test]
fn what_is_too_large_as_a_whole_is_sent_in_pieces() {
    let (sent, log) = blob(
        None,
        None,
        except(|line| line.starts_with("PUT") && line.ends_with(']'), "413 Content Too Large", ""),
    );
    assert_eq!(sent, Ok(Sent::Uploaded));
    assert!(log[4].starts_with("PATCH ") && log[5] == "PUT /up?state=1&digest=DIGEST", "{log:?}");
}

#[test]
fn trouble_passes_or_is_told_after_five_times() {
    let failures = Mutex::new(3);
    let (sent, log) = blob(None, None, move |line| {
        let mut left = failures.lock().unwrap();
        if line.starts_with("PUT") && *left > 0 {
            *left -= 1;
            let trouble =
                ["503 Service Unavailable\r\nRetry-After: 0", "502 Bad Gateway", "429 Too Many Requests"];
            return (trouble[*left], none());
        }
        willing(line)
    });
    assert_eq!(sent, Ok(Sent::Uploaded));
    // An upload that failed is begun anew.
    assert_eq!(log.iter().filter(|line| line.starts_with("POST")).count(), 4);
    let (sent, log) = blob(None, None, |_| ("500 Internal Server Error", none()));
    assert_eq!(
        sent,
        Err("`[base]/v2/a/b/blobs/sha256:0011` answers 500 Internal Server Error (tried 5 times)".to_owned())
    );
    assert_eq!(log.len(), 5);
}

#[test]
fn what_is_refused_is_told_in_the_registrys_words() {
    let (sent, log) = blob(
        None,
        None,
        except(
            |line| line.starts_with("POST"),
            "400 Bad Request",
            r#"{"errors":[{"code":"NAME_INVALID","message":"no such name"}]}"#,
        ),
    );
    let message =
        "`registry.test` does not begin an upload for `a/b`: 400 Bad Request (NAME_INVALID: no such name)";
    assert_eq!(sent, Err(message.to_owned()));
    assert_eq!(log.len(), 2);
    let (sent, _) = blob(
        None,
        None,
        except(
            |line| line.starts_with("POST"),
            "400 Bad Request\r\nContent-Type: text/plain; charset=utf-8",
            "Speak TLS.\nNow.",
        ),
    );
    assert!(sent.unwrap_err().ends_with(": 400 Bad Request (Speak TLS.)"));
    let (sent, _) = blob(None, None, except(|line| line.starts_with("POST"), "202 Accepted", ""));
    assert_eq!(sent, Err("`registry.test` begins an upload and does not say where it goes on".to_owned()));
}

#[test]
fn a_password_is_shown_to_the_registry_that_asks_for_it_and_to_nobody_else() {
    let (elsewhere, other) = server(willing);
    let (sent, log) = blob(Some(password()), None, move |line| match line {
        line if !line.contains("authorization: Basic dTpodW50ZXIy") => {
            ("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"", none())
        }
        line if line.starts_with("POST") => {
            // A constant would not know the port.
            let location = format!("202 Accepted\r\nLocation: http://{elsewhere}/up");
            (Box::leak(location.into_boxed_str()), none())
        }
        line => willing(line),
    });
    assert_eq!(sent, Ok(Sent::Uploaded));
    assert_eq!(log.len(), 3, "{log:?}");
    assert_eq!(*other.lock().unwrap(), ["PUT /up?digest=sha256:0011 [6]"]);
}

#[test]
fn refused_credentials_are_named_without_the_secret() {
    let basic = |_: &str| ("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"", none());
    let (sent, log) = blob(Some(password()), None, basic);
    assert_eq!(
        sent.unwrap_err(),
        "`registry.test` does not let us push to `a/b`: 401 Unauthorized; tried with user `u` from `file`; see that this account \
         may push there, or log in again with `docker login registry.test` or `podman login registry.test`"
    );
    assert_eq!(log.len(), 2);
    let (sent, log) = blob(None, None, basic);
    let error = sent.unwrap_err();
    assert!(
        error.ends_with("; log in with `docker login registry.test` or `podman login registry.test`"),
        "{error}"
    );
    assert_eq!(log.len(), 1);
}

/// A registry that wants a token, and the token server beside it, which gives it to those with `proof`.
fn with_tokens(proof: &'static str) -> impl Fn(&str) -> (&'static str, String) + Send {
    move |line| match line {
        line if line.contains("/token") && line.contains(proof) => {
            ("200 OK", r#"{"access_token":"t0k"}"#.to_owned())
        }
        line if line.contains("/token") => ("401 Unauthorized", none()),
        line if line.contains("authorization: Bearer t0k") => willing(line),
        _ => ("401 Unauthorized\r\nWWW-Authenticate: Bearer realm=\"/token\",service=\"s s\"", none()),
    }
}

/// Pushes to such a registry. A realm has the server's port in it, which is known once it runs.
fn blob_with_tokens(login: Option<Login>, proof: &'static str) -> (Result<Sent, String>, Vec<String>) {
    let (tokens, asked) = server(with_tokens(proof));
    let (sent, mut log) = blob(login, None, move |line| {
        let (head, body) = with_tokens(proof)(line);
        let head = head.replace("\"/token\"", &format!("\"http://{tokens}/token\""));
        (Box::leak(head.into_boxed_str()), body)
    });
    log.extend(asked.lock().unwrap().clone());
    (sent, log)
}

#[test]
fn a_token_is_fetched_once_and_used_for_all() {
    let (sent, log) = blob_with_tokens(Some(password()), "authorization: Basic dTpodW50ZXIy");
    assert_eq!(sent, Ok(Sent::Uploaded));
    assert_eq!(
        log,
        [
            "HEAD /v2/a/b/blobs/DIGEST",
            "HEAD /v2/a/b/blobs/DIGEST authorization: Bearer t0k",
            "POST /v2/a/b/blobs/uploads/ authorization: Bearer t0k",
            "PUT /up?state=1&digest=DIGEST authorization: Bearer t0k [6]",
            "GET /token?service=s%20s&scope=repository%3Aa%2Fb%3Apull%2Cpush authorization: Basic dTpodW50ZXIy",
        ]
    );
    let (sent, log) = blob_with_tokens(Some(Login::Identity(Secret::new("refresh"))), "POST /token [");
    assert_eq!(sent, Ok(Sent::Uploaded));
    assert!(log[4].starts_with("POST /token ["), "{log:?}");
    let (sent, log) = blob_with_tokens(Some(Login::Token(Secret::new("t0k"))), "never");
    assert_eq!((sent, log.len()), (Ok(Sent::Uploaded), 4));
}

#[test]
fn a_token_that_is_not_given_is_told() {
    let (sent, _) = blob_with_tokens(Some(password()), "never");
    let error = sent.unwrap_err();
    assert!(
        error.contains("its token server `http://127.0.0.1:")
            && error.contains("/token` refuses; tried with user `u`"),
        "{error}"
    );
    assert!(!error.contains("hunter2"));
}

#[test]
fn this_machine_is_known_by_its_names() {
    for (host, here) in [
        ("localhost", true),
        ("localhost:5000", true),
        ("127.0.0.2:80", true),
        ("localhost.example", false),
        ("10.0.0.1:5000", false),
    ] {
        assert_eq!(is_loopback(host), here, "{host}");
    }
}
