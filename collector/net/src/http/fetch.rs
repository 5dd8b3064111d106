//! Fetching a configuration by HTTP, for the providers `http` and `https`.

use http::{HeaderMap, Method, StatusCode, Uri};
use slimcol_config::{Duration, Retrieved};
use slimcol_service::{BoxError, BoxFuture, Client};

use crate::{
    http::client::{HttpClient, HttpClientConfig, HttpRequest, shown},
    pieces::Pieces,
};

/// The largest configuration that is read, bytes.
const LIMIT: usize = 64 << 20;
/// How long it may take. Go waits for ever, and so would whoever waits for the collector to start.
const TIMEOUT: Duration = Duration::secs(60);

/// Fetches `uri`, which must answer 200, by way of the proxies of the environment and with the system's roots.
///
/// # Errors
/// The Go collector's texts; a password in `uri` does not show.
pub fn fetch(uri: &str) -> BoxFuture<'_, Result<Retrieved, BoxError>> {
    Box::pin(async move { fetch_with(&HttpClientConfig::default(), uri).await })
}

async fn fetch_with(config: &HttpClientConfig, text: &str) -> Result<Retrieved, BoxError> {
    let uri: Uri = match text.parse() {
        Ok(uri) => uri,
        // Who knows where in this a password stands.
        Err(error) => return Err(format!("invalid uri: {error}").into()),
    };
    if uri.scheme().is_none() || uri.host().is_none() {
        return Err(format!("invalid uri {text:?}: parse {text:?}: invalid URI for request").into());
    }
    let name = shown(&uri);
    let config = HttpClientConfig { timeout: TIMEOUT, ..config.clone() };
    let request = HttpRequest {
        method: Method::GET,
        uri,
        headers: HeaderMap::new(),
        body: Pieces::default(),
        client: Client::default(),
    };
    let response = HttpClient::plain(&config)
        .send(request)
        .await
        .map_err(|error| format!("unable to download the file via HTTP GET for uri {name:?}: {error} "))?;
    if response.status != StatusCode::OK {
        let code = response.status.as_u16();
        return Err(format!("failed to load resource from uri {name:?}. status code: {code}").into());
    }
    let body = response
        .body(LIMIT)
        .await
        .map_err(|error| format!("fail to read the response body from uri {name:?}: {error}"))?;
    let text =
        String::from_utf8(body.into()).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned());
    Ok(Retrieved { text, name, warning: None })
}

#[cfg(test)]
mod tests;
