//! OTLP over HTTP: paths, methods, encodings, and which status stands for which error.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use slimcol_net::{
    grpc::client::GrpcStatus,
    http::server::{BodyError, HttpHandler, HttpRequest, HttpResponse, plain},
};
use slimcol_pdata::Signal;
use slimcol_service::Code;

use crate::{config::HttpConfig, intake::Intake, media::Media};

/// What is served over HTTP.
#[derive(Debug)]
pub(crate) struct Site {
    /// Only signals that go anywhere have a path.
    paths: Vec<(String, Signal)>,
    intake: Intake,
}

impl Site {
    pub(crate) fn new(config: &HttpConfig, intake: Intake) -> Self {
        let served = Signal::ALL.into_iter().filter(|signal| intake.takes(*signal));
        Self { paths: served.map(|signal| (config.path(signal).to_owned(), signal)).collect(), intake }
    }

    async fn export(&self, signal: Signal, media: Media, mut request: HttpRequest) -> Result<(), Failure> {
        let body = request.body().await.map_err(|error| Failure::unread(&error))?;
        let data = media.read(signal, body).map_err(|error| Failure::bad(&error))?;
        self.intake.take(data, request.client()).await.map_err(Failure::refused)
    }
}

impl HttpHandler for Site {
    async fn handle(&self, request: HttpRequest) -> HttpResponse {
        let Some((_, signal)) = self.paths.iter().find(|(path, _)| path == request.path()) else {
            return plain(StatusCode::NOT_FOUND, "404 page not found");
        };
        if request.method() != Method::POST {
            return bare(StatusCode::METHOD_NOT_ALLOWED, "405 method not allowed, supported: [POST]");
        }
        let Some(media) = Media::of(request.headers()) else {
            return bare(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "415 unsupported media type, supported: [application/json, application/x-protobuf]",
            );
        };
        match self.export(*signal, media, request).await {
            Ok(()) => media.success(),
            Err(failure) => failure.response(media),
        }
    }

    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        self.paths.iter().any(|(served, _)| served == path).then_some(path)
    }

    fn refuse(&self, status: StatusCode, headers: &HeaderMap, message: &str) -> HttpResponse {
        let media = if headers.contains_key(CONTENT_TYPE) { Media::of(headers) } else { Some(Media::Json) };
        if let Some(media) = media {
            let refused = |code| Failure::refused(GrpcStatus::new(code, message));
            let failure = match status {
                StatusCode::UNAUTHORIZED => refused(Code::Unauthenticated),
                StatusCode::SERVICE_UNAVAILABLE => refused(Code::Unavailable),
                _ => Failure::bad(&message),
            };
            return failure.response(media);
        }
        // Go has no encoder for the error then, and says so.
        let text = r#"{"code": 13, "message": "failed to marshal error message"}"#;
        let mut response = bare(StatusCode::INTERNAL_SERVER_ERROR, text);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

/// Why a request was not taken.
struct Failure {
    http: StatusCode,
    status: GrpcStatus,
}

impl Failure {
    /// The request itself is wrong.
    fn bad(why: &impl ToString) -> Self {
        Self {
            http: StatusCode::BAD_REQUEST,
            status: GrpcStatus::new(Code::InvalidArgument, why.to_string()),
        }
    }

    /// The request was not read to its end.
    fn unread(error: &BodyError) -> Self {
        match error {
            BodyError::Short => Self::refused(GrpcStatus::new(Code::Unavailable, error.to_string())),
            _ => Self::bad(error),
        }
    }

    /// A pipeline did not take the data.
    fn refused(status: GrpcStatus) -> Self {
        Self { http: http_status(status.code), status }
    }

    fn response(self, media: Media) -> HttpResponse {
        let mut response = media.failure(self.http, &self.status);
        let may_wait = matches!(self.http, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        if let (true, Some(delay)) = (may_wait, self.status.retry_info) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(delay.as_secs()));
        }
        response
    }
}

/// The Go collector's `GetHTTPStatusCodeFromStatus`: OTLP's retryable codes become retryable statuses.
const fn http_status(code: Code) -> StatusCode {
    match code {
        Code::Canceled
        | Code::DeadlineExceeded
        | Code::Aborted
        | Code::OutOfRange
        | Code::Unavailable
        | Code::DataLoss => StatusCode::SERVICE_UNAVAILABLE,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::InvalidArgument => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::Unimplemented => StatusCode::NOT_FOUND,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A text as it is, without the newline that Go's own errors end with.
fn bare(status: StatusCode, text: &'static str) -> HttpResponse {
    let mut response = HttpResponse::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}
