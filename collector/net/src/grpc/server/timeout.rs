//! The `grpc-timeout` header.

use std::time::Duration;

use http::HeaderMap;
use slimcol_service::Code;

use crate::grpc::client::GrpcStatus;

/// How long the sender waits for the answer, if it says so. The errors are those of Go's gRPC.
pub(super) fn of(headers: &HeaderMap) -> Result<Option<Duration>, GrpcStatus> {
    let Some(value) = headers.get("grpc-timeout") else { return Ok(None) };
    let text = String::from_utf8_lossy(value.as_bytes());
    parse(&text).map(Some).map_err(|why| {
        GrpcStatus::new(Code::Internal, format!("malformed grpc-timeout: transport: {why}: {text:?}"))
    })
}

fn parse(text: &str) -> Result<Duration, &'static str> {
    let size = text.len();
    if size < 2 {
        return Err("timeout string is too short");
    }
    if size > 9 {
        return Err("timeout string is too long");
    }
    let (number, unit) = text.split_at_checked(size - 1).ok_or("timeout unit is not recognized")?;
    let count: u64 = number.parse().map_err(|_| "timeout is not a number")?;
    match unit {
        "H" => Ok(Duration::from_secs(count * 3600)),
        "M" => Ok(Duration::from_secs(count * 60)),
        "S" => Ok(Duration::from_secs(count)),
        "m" => Ok(Duration::from_millis(count)),
        "u" => Ok(Duration::from_micros(count)),
        "n" => Ok(Duration::from_nanos(count)),
        _ => Err("timeout unit is not recognized"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_unit() {
        for (text, time) in [
            ("1H", Duration::from_hours(1)),
            ("2M", Duration::from_mins(2)),
            ("3S", Duration::from_secs(3)),
            ("4m", Duration::from_millis(4)),
            ("4999886u", Duration::from_micros(4_999_886)),
            ("99999999n", Duration::from_nanos(99_999_999)),
        ] {
            assert_eq!(parse(text), Ok(time));
        }
        for (text, why) in [
            ("1", "timeout string is too short"),
            ("123456789S", "timeout string is too long"),
            ("5x", "timeout unit is not recognized"),
            ("-5S", "timeout is not a number"),
            ("5é", "timeout unit is not recognized"),
        ] {
            assert_eq!(parse(text), Err(why), "{text}");
        }
    }
}
