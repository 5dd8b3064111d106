//! How the collector introduces itself to servers.

use http::HeaderValue;
use slimcol_service::Context;

/// `<description>/<version> (<os>/<arch>)`, the names of system and processor being Go's.
pub(crate) fn of(cx: &Context) -> HeaderValue {
    let build = cx.build();
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" => "ppc64",
        other => other,
    };
    value(&format!("{}/{} ({}/{arch})", build.description, build.version, std::env::consts::OS))
}

/// `text` as a header's value, without what no header may hold.
pub(crate) fn value(text: &str) -> HeaderValue {
    let kept: String = text.chars().filter(|c| !c.is_control()).collect();
    HeaderValue::from_bytes(kept.as_bytes()).unwrap_or_else(|_| HeaderValue::from_static("collector"))
}

#[cfg(test)]
mod tests {
    use slimcol_service::{Log, Signals};

    use super::*;

    #[test]
    fn says_what_and_where() {
        let agent = of(&Context::standalone("otlp", Signals::ALL, Log::none()));
        let text = agent.to_str().unwrap();
        assert!(text.starts_with("standalone/") && text.ends_with(')'), "{text}");
        assert_eq!(value("a\r\nb: é"), HeaderValue::from_bytes("ab: é".as_bytes()).unwrap());
    }
}
