//! Credential helpers: programs that fetch credentials from where the system keeps them.

use std::{
    io::{self, Write as _},
    process::{Command, Stdio},
};

use serde::Deserialize;
use slimcol_config::Secret;

use super::Login;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    username: String,
    secret: String,
}

/// What a helper says when it has nothing.
const NOTHING: &str = "credentials not found";

/// Asks `docker-credential-<name>` for the credentials of `server`. The error says what failed, without anything secret.
pub(super) fn ask(name: &str, server: &str) -> Result<Option<Login>, String> {
    let program = format!("docker-credential-{name}");
    let failed = |what: String| format!("the credential helper `{program}` {what}");
    if name.contains('/') {
        return Err(failed("is not a program's name".to_owned()));
    }
    let mut command = Command::new(&program);
    command.arg("get").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => failed("is not on the PATH".to_owned()),
        _ => failed(format!("does not start: {e}")),
    })?;
    let mut stdin = child.stdin.take().expect("standard input is piped");
    // A helper that ends without listening says why by its exit.
    let _ = stdin.write_all(server.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().map_err(|e| failed(format!("cannot be waited for: {e}")))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        // The protocol has the reason on standard output.
        let complaint = String::from_utf8_lossy(&output.stderr);
        let reasons = [said.trim(), complaint.trim()].map(|text| text.lines().next().unwrap_or_default());
        let reason = reasons.into_iter().find(|text| !text.is_empty()).unwrap_or("no reason");
        let nothing = reason.starts_with(NOTHING);
        return if nothing { Ok(None) } else { Err(failed(format!("failed ({reason})"))) };
    }
    let told: Told = serde_json::from_str(&said)
        .map_err(|_| failed("gave something that is not credentials".to_owned()))?;
    if told.secret.is_empty() {
        return Ok(None);
    }
    let secret = Secret::new(told.secret);
    Ok(Some(match told.username.as_str() {
        "<token>" => Login::Identity(secret),
        user => Login::Password { user: user.to_owned(), password: secret },
    }))
}
