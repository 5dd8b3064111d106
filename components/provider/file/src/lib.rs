//! The `file` provider: `--config config.yaml`, `--config file:config.yaml`, and `${file:token.txt}` in values.
//!
//! Paths are relative to the working directory. Files are read whole, up to 64 MiB.

mod path;

use std::io;

use slimcol_config::Retrieved;
use slimcol_service::{BoxError, Factory, Info, Provider, Stability};
use tokio::{fs, io::AsyncReadExt};

/// Makes this provider available to a collector.
pub static FACTORY: Factory = Factory::provider::<File>();

/// The largest file that is read: what a slip of the hand names instead (`/dev/zero`) must not fill the memory.
const LIMIT: u64 = 64 << 20;

/// Files as configuration.
#[derive(Debug)]
pub struct File;

impl Provider for File {
    const INFO: Info = Info {
        stability: Stability::Stable,
        ..Info::new("file", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    async fn retrieve(location: &str) -> Result<Retrieved, BoxError> {
        let path = path::clean(location);
        match read(&path).await {
            Ok(text) => Ok(Retrieved { text, name: path, warning: None }),
            Err(why) => Err(format!("unable to read the file file:{location}: {why}").into()),
        }
    }
}

/// The error is Go's `os.ReadFile`'s.
async fn read(path: &str) -> Result<String, String> {
    let failed = |what: &str, e: &io::Error| format!("{what} {path}: {}", reason(e));
    let file = fs::File::open(path).await.map_err(|e| failed("open", &e))?;
    let mut bytes = Vec::new();
    file.take(LIMIT + 1).read_to_end(&mut bytes).await.map_err(|e| failed("read", &e))?;
    if bytes.len() as u64 > LIMIT {
        return Err(format!("read {path}: file is larger than 64 MiB"));
    }
    Ok(String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
}

/// The operating system's word without the number that Rust puts behind it.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let word = text.split(" (os error").next().unwrap_or(&text);
    word.chars()
        .next()
        .map_or_else(String::new, |c| c.to_lowercase().collect::<String>() + &word[c.len_utf8()..])
}

#[cfg(test)]
mod tests;
