//! What a server's answer means for the data.

use slimcol_config::Duration;
use slimcol_net::{PartialSuccess, grpc::client::GrpcStatus};
use slimcol_pdata::Signal;
use slimcol_service::{BoxError, Code, Log, Refused, Retry};

/// Whether and when to send again (Go's `shouldRetry`).
pub(crate) fn refused(status: &GrpcStatus) -> Refused {
    let retry = match (status.code, status.retry_info) {
        (
            Code::Canceled
            | Code::DeadlineExceeded
            | Code::Aborted
            | Code::OutOfRange
            | Code::Unavailable
            | Code::DataLoss,
            None,
        ) => Retry::Later,
        (
            Code::Canceled
            | Code::DeadlineExceeded
            | Code::Aborted
            | Code::OutOfRange
            | Code::Unavailable
            | Code::DataLoss
            // Without the server's word that it can recover, it is the data that is too much.
            | Code::ResourceExhausted,
            Some(delay),
        ) => {
            if delay.is_zero() {
                Retry::Later
            } else {
                Retry::After(delay)
            }
        }
        _ => Retry::Never,
    };
    // What Go's wrapping errors print; what is not wrapped is passed on as it is.
    let source: BoxError = match retry {
        Retry::Never => format!("Permanent error: {status}").into(),
        Retry::Later => status.clone().into(),
        Retry::After(delay) => {
            let delay = Duration::nanos(i64::try_from(delay.as_nanos()).unwrap_or(i64::MAX));
            format!("Throttle ({delay}), error: {status}").into()
        }
    };
    Refused::permanent(source).with_code(status.code).with_retry(retry)
}

/// Says that the server took only part of a request; that part is not sent again.
pub(crate) fn warn_partial(log: &Log, signal: Signal, partial: &PartialSuccess) {
    let dropped = match signal {
        Signal::Traces => "dropped_spans",
        Signal::Metrics => "dropped_data_points",
        Signal::Logs => "dropped_log_records",
    };
    log.warn(
        "Partial success response",
        &[("message", (&partial.message).into()), (dropped, partial.rejected.into())],
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEVEN: std::time::Duration = std::time::Duration::from_secs(7);

    #[test]
    fn retries_by_the_table() {
        let later = [1, 4, 10, 11, 14, 15];
        for code in Code::ALL.into_iter().skip(1) {
            let mut status = GrpcStatus::new(code, "no");
            let expected = if later.contains(&(code as u8)) { Retry::Later } else { Retry::Never };
            let got = refused(&status);
            let prefix = if expected == Retry::Never { "Permanent error: " } else { "" };
            assert_eq!((got.retry, got.code), (expected, Some(code)));
            assert_eq!(got.to_string(), format!("{prefix}rpc error: code = {code} desc = no"));

            status.retry_info = Some(SEVEN);
            let retryable = expected == Retry::Later || code == Code::ResourceExhausted;
            let expected = if retryable { Retry::After(SEVEN) } else { Retry::Never };
            let got = refused(&status);
            let prefix = if retryable { "Throttle (7s), error: " } else { "Permanent error: " };
            assert_eq!(got.retry, expected, "{code}");
            assert_eq!(got.to_string(), format!("{prefix}rpc error: code = {code} desc = no"));

            status.retry_info = Some(std::time::Duration::ZERO);
            let expected = if retryable { Retry::Later } else { Retry::Never };
            assert_eq!(refused(&status).retry, expected, "{code}");
        }
    }

    #[test]
    fn partial_success_is_logged_in_gos_words() {
        for (signal, key) in [
            (Signal::Traces, "dropped_spans"),
            (Signal::Metrics, "dropped_data_points"),
            (Signal::Logs, "dropped_log_records"),
        ] {
            let (log, lines) = Log::capture();
            warn_partial(&log, signal, &PartialSuccess { rejected: 3, message: "old".into() });
            let lines = lines.lock().unwrap();
            assert_eq!(lines.len(), 1);
            let line = &lines[0];
            assert!(
                line.contains("Partial success response") && line.contains(key) && line.contains("old"),
                "{line}"
            );
        }
    }
}
