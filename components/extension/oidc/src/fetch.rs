//! Documents that a provider publishes.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header::CACHE_CONTROL};
use slimcol_net::{
    Pieces,
    http::client::{HttpClient, HttpRequest},
};
use slimcol_service::Client;

/// The largest document that is read, bytes.
const LIMIT: usize = 1 << 20;

/// The document at `uri`.
///
/// # Errors
/// Go's texts, without what the server wrote: `404 Not Found`.
pub(crate) async fn get(client: &HttpClient, uri: &Uri) -> Result<Bytes, String> {
    let mut headers = HeaderMap::new();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let request = HttpRequest {
        method: Method::GET,
        uri: uri.clone(),
        headers,
        body: Pieces::default(),
        client: Client::default(),
    };
    let response = client.send(request).await.map_err(|error| error.to_string())?;
    if response.status != StatusCode::OK {
        return Err(response.status.to_string());
    }
    response.body(LIMIT).await.map_err(|error| format!("unable to read response body: {error}"))
}
