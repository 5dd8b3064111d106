//! Brokers that answer rubbish, half of it, or nothing.

use std::{future::pending, net::SocketAddr};

use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::{Way, counts::tests::counts, message::metadata::Metadata};

/// What a broker says that has each of these requests in version 0 to 20.
fn versions(keys: &[i16]) -> Vec<u8> {
    let mut body = vec![0, 0];
    body.extend(u32::try_from(keys.len()).unwrap().to_be_bytes());
    for key in keys {
        body.extend(key.to_be_bytes());
        body.extend([0, 0, 0, 20]);
    }
    body
}

/// `body` as the answer to the request `number`.
fn answer(number: i32, body: &[u8]) -> Vec<u8> {
    let mut all = u32::try_from(body.len() + 4).unwrap().to_be_bytes().to_vec();
    all.extend(number.to_be_bytes());
    all.extend(body);
    all
}

/// A broker that answers each request of one connection with what it is told, then closes it if `closes`.
async fn broker(answers: Vec<Vec<u8>>, closes: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for answer in answers {
            read(&mut stream).await;
            stream.write_all(&answer).await.unwrap();
        }
        if !closes {
            pending::<()>().await;
        }
    });
    address
}

async fn read(stream: &mut TcpStream) {
    let len = stream.read_u32().await.unwrap();
    let mut request = vec![0; len as usize];
    stream.read_exact(&mut request).await.unwrap();
}

async fn open(address: SocketAddr) -> Result<Connection, Error> {
    let dialer = Dialer { tls: None, auth: Auth::default(), tokens: None, client_id: "me".to_owned() };
    let tally = counts(Way::In).0.tally("1", "127.0.0.1");
    Connection::open(&dialer, "127.0.0.1", address.port(), &tally).await
}

/// What comes of asking for metadata.
async fn asked(answers: Vec<Vec<u8>>) -> Error {
    let mut connection = open(broker(answers, true).await).await.unwrap();
    connection.call(&Metadata { topics: None, create: false }).await.unwrap_err()
}

#[tokio::test]
async fn rubbish_is_an_error() {
    let hello = || answer(0, &versions(&[3]));
    let cut = "the broker's answer is cut off or damaged";
    for (second, text) in [
        (vec![], "connection to the broker was lost: EOF"),
        (vec![0, 0], "connection to the broker was lost: EOF"),
        (answer(1, &[0; 30])[..20].to_vec(), "connection to the broker was lost: EOF"),
        (answer(1, &[0; 7]), cut),
        (answer(1, &[0x11; 99]), cut),
        (vec![0; 4], cut),
        (answer(9, &[0; 40]), "the broker answers something that was not asked"),
        (vec![0x7f; 400], "the broker's answer is larger than 100 MiB"),
        (vec![0xff; 400], "the broker's answer is larger than 100 MiB"),
    ] {
        let error = asked(vec![hello(), second.clone()]).await;
        assert_eq!(error.to_string(), text, "{second:?}");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn brokers_have_to_know_the_requests() {
    let error = asked(vec![answer(0, &versions(&[1, 2]))]).await;
    assert_eq!(error.to_string(), "the broker is too old or too new for Metadata requests");
    let error = open(broker(vec![answer(0, &[0, 35, 0, 0, 0, 0])], true).await).await.unwrap_err();
    assert_eq!(error.to_string(), "UNSUPPORTED_VERSION: The version of API is not supported.");
    let error =
        open(broker(vec![b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()], true).await).await.unwrap_err();
    assert_eq!(error.to_string(), "the broker's answer is larger than 100 MiB");
}

#[tokio::test(start_paused = true)]
async fn silence_has_an_end() {
    let mut connection = open(broker(vec![answer(0, &versions(&[3]))], false).await).await.unwrap();
    let error = connection.call(&Metadata { topics: None, create: false }).await.unwrap_err();
    assert_eq!(error.to_string(), "connection to the broker was lost: no answer to a Metadata request");
}

#[tokio::test(start_paused = true)]
async fn connections_grow_old() {
    let mut connection = open(broker(vec![answer(0, &versions(&[3]))], false).await).await.unwrap();
    let idle = Duration::from_mins(9);
    assert!(connection.is_fresh(idle));
    connection.expires_in(60_000);
    tokio::time::advance(Duration::from_secs(50)).await;
    assert!(connection.is_fresh(idle));
    tokio::time::advance(Duration::from_secs(5)).await;
    assert!(!connection.is_fresh(idle));
    connection.expires_in(0);
    assert!(connection.is_fresh(idle));
    tokio::time::advance(idle).await;
    assert!(!connection.is_fresh(idle));
}
