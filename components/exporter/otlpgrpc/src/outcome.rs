//! What a server's answer means for the data.

use slimcol_net::{PartialSuccess, grpc::client::GrpcStatus};
use slimcol_pdata::Signal;
use slimcol_service::{Code, Log, Refused, Retry};

/// Whether and when to send again (Go's `shouldRetry`).
pub(crate) fn refused(status: GrpcStatus) -> Refused {
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
    let code = status.code;
    Refused::permanent(status).with_code(code).with_retry(retry)
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
    use std::time::Duration;

    use super::*;

    #[test]
    fn retries_by_the_table() {
        let later = [1, 4, 10, 11, 14, 15];
        for code in Code::ALL.into_iter().skip(1) {
            let mut status = GrpcStatus::new(code, "no");
            let expected = if later.contains(&(code as u8)) { Retry::Later } else { Retry::Never };
            let got = refused(status.clone());
            assert_eq!((got.retry, got.code), (expected, Some(code)));
            assert_eq!(got.to_string(), format!("rpc error: code = {code} desc = no"));

            status.retry_info = Some(Duration::from_secs(7));
            let retryable = expected == Retry::Later || code == Code::ResourceExhausted;
            let expected = if retryable { Retry::After(Duration::from_secs(7)) } else { Retry::Never };
            assert_eq!(refused(status.clone()).retry, expected, "{code}");

            status.retry_info = Some(Duration::ZERO);
            let expected = if retryable { Retry::Later } else { Retry::Never };
            assert_eq!(refused(status).retry, expected, "{code}");
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
            assert!(line.contains("Partial success response") && line.contains(key) && line.contains("old"), "{line}");
        }
    }
}
