//! What the other side says that it took, which version 2 of the protocol asks of it.
//!
//! <https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/#required-written-response-headers>

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use http::HeaderMap;
use slimcol_service::Log;

use crate::counts::Counts;

/// The headers, and what they count.
pub(crate) const WRITTEN: [(&str, &str); 3] = [
    ("X-Prometheus-Remote-Write-Samples-Written", "samples"),
    ("X-Prometheus-Remote-Write-Histograms-Written", "histograms"),
    ("X-Prometheus-Remote-Write-Exemplars-Written", "exemplars"),
];

/// Which of the headers have been warned of.
#[derive(Debug, Default)]
pub(crate) struct Warned([AtomicBool; 3]);

impl Warned {
    /// Counts what an answer says was written. Of a header that is not there, or is no number, a line says so, once: an endpoint
    /// that does not know version 2 may take requests and keep nothing.
    pub(crate) fn count(&self, headers: &HeaderMap, counts: &Counts, log: &Log, url: &str) {
        for (kind, (header, what)) in WRITTEN.into_iter().enumerate() {
            let value = headers.get(header);
            match value.map(|value| value.to_str().ok().and_then(|value| value.parse().ok())) {
                Some(Some(count)) => counts.written(kind, count),
                unread => {
                    if self.0[kind].swap(true, Relaxed) {
                        continue;
                    }
                    let line = match unread {
                        None => format!(
                            "{header} header is missing from the response, suggesting that the endpoint doesn't support RW2 \
                             and might be silently dropping data."
                        ),
                        Some(_) => {
                            format!("Failed to convert {header} header to int64, not counting {what} written")
                        }
                    };
                    log.warn(&line, &[("url", url.into())]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use slimcol_service::{Context, Signals, meter::Value};

    use super::*;

    #[test]
    fn what_was_taken_is_counted_and_what_is_not_told_is_said_once() {
        let (log, lines) = Log::capture();
        let cx = Context::standalone("prometheus_remote_write", Signals::METRICS, log.clone());
        let (counts, warned) = (Counts::new(&cx, "http://a", 5), Warned::default());
        let mut headers = HeaderMap::new();
        headers.insert("x-prometheus-remote-write-samples-written", HeaderValue::from_static("3"));
        headers.insert("x-prometheus-remote-write-histograms-written", HeaderValue::from_static("-3"));
        for _ in 0..2 {
            warned.count(&headers, &counts, &log, "http://a");
        }
        let metrics = cx.meters().snapshot().into_iter();
        let written: Vec<_> = metrics
            .filter(|metric| metric.name.contains("_written_"))
            .map(|metric| (metric.name, metric.points[0].value.clone()))
            .collect();
        let samples = "otelcol_exporter_prometheusremotewrite_written_samples";
        assert_eq!(written, [(samples.to_owned(), Value::Number(6.0))]);
        let lines = lines.lock().unwrap();
        let [histograms, exemplars] = &lines[..] else { panic!("{lines:?}") };
        assert!(histograms.contains("Failed to convert X-Prometheus-Remote-Write-Histograms-Written"));
        assert!(exemplars.contains("X-Prometheus-Remote-Write-Exemplars-Written header is missing"));
    }
}
