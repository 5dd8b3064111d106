//! What numbers are on their way.

use std::ops::Range;

use bytes::Bytes;
use slimcol_compression::Compression;
use slimcol_pdata::{Data, Signal};
use slimcol_testing::{numbered, numbered_points, numbers, remote_written};

/// What they are sent as, which says what they come as.
#[derive(Clone, Copy, Debug)]
pub(super) enum Items {
    /// Log records; they come as such.
    Records,
    /// Points of a gauge; they come as samples of a series, by remote write.
    Points,
}

impl Items {
    /// The path and the body of a request to a collector.
    pub(super) fn request(self, range: Range<u64>) -> (&'static str, Bytes) {
        match self {
            Self::Records => ("/v1/logs", numbered(range).bytes()),
            Self::Points => ("/v1/metrics", numbered_points(range).bytes()),
        }
    }

    /// The numbers in what a collector has sent.
    pub(super) fn of(self, request: &[u8]) -> Vec<u64> {
        match self {
            Self::Records => numbers(&Data::from_bytes(Signal::Logs, request.to_vec().into()).unwrap()),
            Self::Points => {
                let request = Compression::Snappy.decompress(request, 1 << 24).unwrap();
                let lines = remote_written(&request, false);
                lines.iter().flat_map(|line| line.split(' ').skip(1)).map(number).collect()
            }
        }
    }
}

/// The number of a sample, `value@milliseconds`, which both are the number.
fn number(sample: &str) -> u64 {
    let (value, time) = sample.split_once('@').unwrap();
    assert_eq!(value, time);
    value.parse().unwrap()
}
