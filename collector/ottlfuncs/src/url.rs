//! URLs come apart, into the names that semantic conventions have: `URL`.

use slimcol_ottleval::{
    Fault,
    function::{Args, Function, Takes, converter, takes},
    value::Value,
};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};
use slimcol_textformat::{
    query,
    url::{self, As},
};

pub(super) const FUNCTIONS: &[Function] = &[converter!("URL", [takes("uri", Takes::Text)], parse)];

fn parse(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    if text.is_empty() {
        return Err(Fault::new("url cannot be empty"));
    }
    if let Some(query) = text.strip_prefix('?') {
        return parameters(query).map(Into::into);
    }
    let url = url::read(&text, As::Reference).map_err(Fault::new)?;
    let whole = url.to_string();
    let mut pairs = vec![
        ("url.original", ValueRef::Str(&whole)),
        ("url.domain", ValueRef::Str(&url.host)),
        ("url.scheme", ValueRef::Str(&url.scheme)),
        ("url.path", ValueRef::Str(&url.path)),
    ];
    if !url.port.is_empty() {
        let port = url
            .port
            .parse()
            .map_err(|_| Fault::new(format!("strconv.Atoi: parsing {:?}: value out of range", url.port)))?;
        pairs.push(("url.port", ValueRef::Int(port)));
    }
    let mut put = |name, text| {
        if !str::is_empty(text) {
            pairs.push((name, ValueRef::Str(text)));
        }
    };
    put("url.fragment", &url.fragment);
    let info = url.user.as_ref().map(url::User::escaped);
    if let Some(user) = &url.user {
        put("url.username", &user.name);
    }
    put("url.query", url.query);
    put("url.extension", url.path.rsplit_once('.').map_or("", |(_, extension)| extension));
    if let Some(info) = &info {
        pairs.push(("url.user_info", ValueRef::Str(info)));
    }
    if let Some(password) = url.user.as_ref().and_then(|user| user.password.as_deref()) {
        pairs.push(("url.password", ValueRef::Str(password)));
    }
    Ok(OwnValue::map(pairs).into())
}

/// What a query alone becomes: each parameter with the list of its values.
fn parameters(text: &str) -> Result<OwnValue, Fault> {
    let (parameters, fault) = query::read(text);
    if let Some(fault) = fault {
        return Err(Fault::new(fault));
    }
    if parameters.is_empty() {
        return Ok(OwnValue::empty_map());
    }
    let lists: Vec<_> = parameters
        .iter()
        .map(|(_, values)| OwnValue::list(values.iter().map(|value| ValueRef::Str(value))))
        .collect();
    let query = parameters.iter().zip(&lists).map(|((name, _), list)| (name.as_str(), list.view()));
    Ok(OwnValue::map([("query", OwnValue::map(query).view())]))
}

#[cfg(test)]
mod tests {
    use slimcol_ottleval::Kind;

    use crate::samples::value_of;

    /// The cases of the Go collector's `func_url_test.go`, and more.
    #[test]
    fn urls_come_apart() {
        for (url, expected) in [
            (
                "http://my:pw@www.example.com:80/foo.gif?key1=val1&key2=val2#fragment",
                r#"{"url.domain":"www.example.com","url.extension":"gif","url.fragment":"fragment","url.original":"http://my:pw@www.example.com:80/foo.gif?key1=val1&key2=val2#fragment","url.password":"pw","url.path":"/foo.gif","url.port":80,"url.query":"key1=val1&key2=val2","url.scheme":"http","url.user_info":"my:pw","url.username":"my"}"#,
            ),
            (
                "http://www.example.com",
                r#"{"url.domain":"www.example.com","url.original":"http://www.example.com","url.path":"","url.scheme":"http"}"#,
            ),
            (
                "http://www.example.com:77/foo#bar",
                r#"{"url.domain":"www.example.com","url.fragment":"bar","url.original":"http://www.example.com:77/foo#bar","url.path":"/foo","url.port":77,"url.scheme":"http"}"#,
            ),
            (
                "https://user:@h:77/foo",
                r#"{"url.domain":"h","url.original":"https://user:@h:77/foo","url.password":"","url.path":"/foo","url.port":77,"url.scheme":"https","url.user_info":"user:","url.username":"user"}"#,
            ),
            (
                "ftp://ftp.is.co.za/rfc/rfc1808.txt",
                r#"{"url.domain":"ftp.is.co.za","url.extension":"txt","url.original":"ftp://ftp.is.co.za/rfc/rfc1808.txt","url.path":"/rfc/rfc1808.txt","url.scheme":"ftp"}"#,
            ),
            (
                "telnet://192.0.2.16:80/",
                r#"{"url.domain":"192.0.2.16","url.original":"telnet://192.0.2.16:80/","url.path":"/","url.port":80,"url.scheme":"telnet"}"#,
            ),
            ("?a=1&b=2&a=3", r#"{"query":{"a":["1","3"],"b":["2"]}}"#),
            ("?", "{}"),
            ("?%zz", "run: invalid URL escape \"%zz\""),
            ("", "run: url cannot be empty"),
            ("http://h:x", "run: parse \"http://h:x\": invalid port \":x\" after host"),
            (
                "http://h:99999999999999999999",
                "run: strconv.Atoi: parsing \"99999999999999999999\": value out of range",
            ),
        ] {
            assert_eq!(value_of(Kind::Log, &format!("URL({url:?})")), expected, "{url}");
        }
        assert_eq!(value_of(Kind::Log, "URL(severity_number)"), "run: expected string but got int64");
    }
}
