//! Saying who this client is, on a new connection.

mod scram;

use self::scram::{Hash, Scram};
use crate::{
    Error,
    config::Auth,
    connection::Connection,
    message::sasl::{Authenticate, Handshake},
};

/// Authenticates the connection if the configuration has a name to do it with.
pub(crate) async fn authenticate(connection: &mut Connection, auth: &Auth) -> Result<(), Error> {
    let Some(sasl) = &auth.sasl else { return Ok(()) };
    let (name, hash) = match sasl.mechanism.as_str() {
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

/// Sends a token and gives back the broker's.
async fn step(connection: &mut Connection, token: &[u8]) -> Result<bytes::Bytes, Error> {
    let step = connection.call(&Authenticate(token)).await?;
    if step.error != 0 {
        return Err(Error::Authentication(step.message.unwrap_or_else(|| "refused".to_owned())));
    }
    connection.expires_in(step.lifetime_ms);
    Ok(step.bytes)
}
