//! The page that Prometheus reads.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use slimcol_config::Prometheus;
use slimcol_net::http::server::{
    HttpHandler, HttpRequest, HttpResponse, HttpServer, HttpServerConfig, plain,
};
use slimcol_service::{Context, Stop};

use crate::{Origin, text};

/// A server of the page, which listens.
pub(crate) struct Page {
    server: HttpServer,
    content: Content,
}

struct Content {
    config: Prometheus,
    origin: Origin,
}

impl Page {
    pub(crate) async fn open(config: &Prometheus, origin: Origin, cx: &Context) -> Result<Self, String> {
        // An IPv6 address needs its brackets.
        let host = &config.host;
        let endpoint = if host.contains(':') && !host.starts_with('[') {
            format!("[{host}]:{}", config.port)
        } else {
            format!("{host}:{}", config.port)
        };
        let mut settings = HttpServerConfig::default();
        settings.endpoint.clone_from(&endpoint);
        let server = HttpServer::bind(&settings, cx).await;
        let server =
            server.map_err(|e| format!("binding address {endpoint} for Prometheus exporter: {e}"))?;
        // Who reads the numbers is not part of what they are about.
        let server = server.untraced().uncounted();
        Ok(Self { server, content: Content { config: config.clone(), origin } })
    }

    pub(crate) async fn serve(self, stop: Stop) {
        self.server.serve(self.content, stop).await;
    }
}

impl HttpHandler for Content {
    async fn handle(&self, request: HttpRequest) -> HttpResponse {
        if request.path() != "/metrics" {
            return plain(StatusCode::NOT_FOUND, "404 page not found");
        }
        let text = text::page(&self.config, &self.origin.metrics(), &self.origin.resource);
        let mut response = HttpResponse::new(Bytes::from(text));
        let media =
            HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
        response.headers_mut().insert(CONTENT_TYPE, media);
        response
    }
}
