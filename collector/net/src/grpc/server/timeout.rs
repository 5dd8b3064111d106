//! The `grpc-timeout` header.

use std::time::Duration;

use http::HeaderMap;
use slimcol_service::Code;

use crate::grpc::client::GrpcStatus;

/// How long the sender waits for the answer, if it says so. The errors are those of Go's gRPC.
pub(super) fn of(headers: &HeaderMap) -> Result<Option<Duration>, GrpcStatus> {
    let Some(value) = headers.get("grpc-timeout") else { return Ok(None) };
    let text = String::from_utf8_lossy(value.as_bytes());
    let time = parse(&text).map_err(|why| {
        let said = match why {
            NO_NUMBER => format!("strconv.ParseUint: parsing {:?}: {why}", &text[..text.len() - 1]),
            why => format!("transport: {why}: {text:?}"),
        };
        GrpcStatus::new(Code::Internal, format!("malformed grpc-timeout: {said}"))
    })?;
    if time.is_zero() { Err(GrpcStatus::deadline_exceeded()) } else { Ok(Some(time)) }
}

const NO_NUMBER: &str = "invalid syntax";

fn parse(text: &str) -> Result<Duration, &'static str> {
    let size = text.len();
    if size < 2 {
        return Err("timeout string is too short");
    }
    if size > 9 {
        return Err("timeout string is too long");
    }
    let (number, unit) = text.split_at_checked(size - 1).ok_or("timeout unit is not recognized")?;
    let count: u64 = number.parse().map_err(|_| NO_NUMBER)?;
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
            ("-5S", NO_NUMBER),
            ("5é", "timeout unit is not recognized"),
        ] {
            assert_eq!(parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("grpc-timeout", text.parse().unwrap());
            of(&headers)
        };
        assert_eq!(of("5S"), Ok(Some(Duration::from_secs(5))));
        assert_eq!(of("0n"), Err(GrpcStatus::deadline_exceeded()));
        for (text, message) in [
            ("soon", "malformed grpc-timeout: strconv.ParseUint: parsing \"soo\": invalid syntax"),
            ("10", "malformed grpc-timeout: transport: timeout unit is not recognized: \"10\""),
        ] {
            assert_eq!(of(text), Err(GrpcStatus::new(Code::Internal, message)));
        }
    }
}
