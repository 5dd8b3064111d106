//! `uri_parser`

use slimcol_config::{Section, Settings};
use slimcol_textformat::{
    query::{self, Parameters},
    url::{self, As},
};

use super::{Parse, ParserConfig};
use crate::{
    Map, Value,
    operator::{Build, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct Uri(ParserConfig);

/// Reads URIs.
#[derive(Debug)]
struct Reader;

impl Settings for Uri {
    fn read(from: &mut Section<'_>) -> Self {
        Self(ParserConfig::read(from))
    }
}

impl Build for Uri {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        self.0.build(Box::new(Reader), with)
    }
}

impl Parse for Reader {
    fn parse(&self, value: &Value) -> Result<Value, String> {
        let Value::Text(text) = value else {
            return Err(format!("type '{}' cannot be parsed as URI", value.go_type()));
        };
        let mut map = Map::with_capacity(6);
        let parameters = if let Some(query) = text.strip_prefix('?') {
            let (parameters, error) = query::read(query);
            if let Some(error) = error {
                return Err(error);
            }
            parameters
        } else {
            let url = url::read(text, As::Request)?;
            let path = url.escaped_path();
            let user = url.user.unwrap_or_default().name;
            let parts = [
                ("scheme", url.scheme),
                ("user", user),
                ("host", url.host),
                ("port", url.port),
                ("path", path),
            ];
            for (name, part) in parts {
                if !part.is_empty() {
                    map.insert(name.into(), Value::Text(part.into()));
                }
            }
            query::read(url.query).0
        };
        if !parameters.is_empty() {
            map.insert("query".into(), listed(parameters));
        }
        Ok(Value::Map(map))
    }
}

/// The parameters as a map of lists.
fn listed(parameters: Parameters) -> Value {
    let list = |values: Vec<String>| {
        Value::List(values.into_iter().map(|value| Value::Text(value.into())).collect())
    };
    Value::Map(Map::from_pairs(
        parameters.into_iter().map(|(name, values)| (name.into(), list(values))).collect(),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use slimcol_entry::json;

    fn shown(text: &str) -> String {
        match Reader.parse(&Value::Text(text.into())) {
            Ok(map) => json::text(&map),
            Err(error) => error,
        }
    }

    #[test]
    fn uris_come_apart_as_in_go() {
        for (text, expected) in [
            (
                "https://user:pw@Example.com:8080/a/b%20c?x=1&y=2&x=3",
                "{\"scheme\":\"https\",\"user\":\"user\",\"host\":\"Example.com\",\"port\":\"8080\",\
                 \"path\":\"/a/b%20c\",\"query\":{\"x\":[\"1\",\"3\"],\"y\":[\"2\"]}}",
            ),
            ("HTTP://h", "{\"scheme\":\"http\",\"host\":\"h\"}"),
            ("/app?env=prod", "{\"path\":\"/app\",\"query\":{\"env\":[\"prod\"]}}"),
            ("?a=b+c&d=%41&e&=f", "{\"query\":{\"a\":[\"b c\"],\"d\":[\"A\"],\"e\":[\"\"],\"\":[\"f\"]}}"),
            ("http://[::1]:80/", "{\"scheme\":\"http\",\"host\":\"::1\",\"port\":\"80\",\"path\":\"/\"}"),
            ("mailto:a@b", "{\"scheme\":\"mailto\"}"),
            ("/a b#c", "{\"path\":\"/a%20b%23c\"}"),
            ("//x/y", "{\"path\":\"//x/y\"}"),
            ("*", "{\"path\":\"*\"}"),
            (
                "http://h/?a;b=1&c=2",
                "{\"scheme\":\"http\",\"host\":\"h\",\"path\":\"/\",\"query\":{\"c\":[\"2\"]}}",
            ),
            ("?%zz=1", "invalid URL escape \"%zz\""),
            ("?a;b", "invalid semicolon separator in query"),
            ("?", "{}"),
            ("", "parse \"\": empty url"),
            ("abc", "parse \"abc\": invalid URI for request"),
            (":x", "parse \":x\": missing protocol scheme"),
            ("http://h:x/", "parse \"http://h:x/\": invalid port \":x\" after host"),
            ("/a%zz", "parse \"/a%zz\": invalid URL escape \"%zz\""),
            ("http://a b/", "parse \"http://a b/\": invalid character \" \" in host name"),
            ("http://[::1/", "parse \"http://[::1/\": missing ']' in host"),
            ("http://u ser@h/", "parse \"http://u ser@h/\": net/url: invalid userinfo"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[a/:@?&=%2\\[\\];#é ]{0,24}") {
            let _ = shown(&text);
        }
    }
}
