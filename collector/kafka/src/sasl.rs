//! Saying who this client is, on a new connection.

mod oauth;
mod scram;

pub(crate) use self::oauth::TokenSource;
use self::scram::{Hash, Scram};
use crate::{
    Error,
    config::Sasl,
    connection::Connection,
    message::sasl::{Authenticate, Handshake},
};

/// Authenticates the connection, with a token if there are any.
pub(crate) async fn authenticate(
    connection: &mut Connection,
    sasl: &Sasl,
    tokens: Option<&TokenSource>,
) -> Result<(), Error> {
    let (name, hash) = match sasl.mechanism.as_str() {
        "OAUTHBEARER" => ("OAUTHBEARER", None),
        "SCRAM-SHA-256" => ("SCRAM-SHA-256", Some(Hash::Sha256)),
        "SCRAM-SHA-512" => ("SCRAM-SHA-512", Some(Hash::Sha512)),
        _ => ("PLAIN", None),
    };
    let (error, offered) = connection.call(&Handshake(name)).await?;
    if error != 0 {
        return Err(Error::Authentication(format!(
            "the broker does not take {name}, but {}",
            offered.join(", ")
        )));
    }
    if let Some(tokens) = tokens {
        return show(connection, tokens).await;
    }
    let (user, password) = (&*sasl.username, sasl.password.reveal());
    let Some(hash) = hash else {
        let token = format!("\0{user}\0{password}");
        step(connection, token.as_bytes()).await?;
        return Ok(());
    };
    let why = |why: &str| Error::Authentication(why.to_owned());
    let mut scram = Scram::new(hash, user, password).ok_or_else(|| why("no random numbers"))?;
    let first = step(connection, scram.first().as_bytes()).await?;
    let answer = scram.answer(&first).map_err(why)?;
    let last = step(connection, answer.as_bytes()).await?;
    scram.verify(&last).map_err(why)
}

/// Shows a token of `tokens`.
async fn show(connection: &mut Connection, tokens: &TokenSource) -> Result<(), Error> {
    let first = tokens.first().await?;
    let why = match step(connection, first.as_bytes()).await {
        Ok(answer) if answer.is_empty() => return Ok(()),
        // Why not, in JSON. The broker waits for an empty answer to that before it refuses.
        Ok(answer) => match step(connection, b"\x01").await {
            Err(Error::Authentication(why)) => why,
            _ => String::from_utf8_lossy(&answer).into_owned(),
        },
        Err(Error::Authentication(why)) => why,
        Err(error) => return Err(error),
    };
    Err(tokens.refused(&why))
}

/// Sends a token and gives back the broker's.
async fn step(connection: &mut Connection, token: &[u8]) -> Result<bytes::Bytes, Error> {
    let step = connection.call(&Authenticate(token)).await?;
    if step.error != 0 {
        return Err(Error::Authentication(step.message.unwrap_or_else(|| "refused".to_owned())));
    }
    connection.expires_in(step.lifetime_ms);
    Ok(step.bytes)
}
