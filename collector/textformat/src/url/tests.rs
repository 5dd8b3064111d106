use proptest::prelude::*;

use super::*;

fn shown(text: &str, kind: As) -> String {
    match read(text, kind) {
        Ok(url) => {
            let user = url.user.as_ref().map(User::escaped).unwrap_or_default();
            let parts = [&url.scheme, &user, &url.host, &url.port, &url.path, url.query, &url.fragment];
            format!("{} {url}", parts.join("|"))
        }
        Err(error) => error,
    }
}

#[test]
fn references_come_apart_as_in_go() {
    for (text, expected) in [
        (
            "HTTP://u:p%40@h.x:80/a%20b.gif?k=v&k2=v2#f%20g",
            "http|u:p%40|h.x|80|/a b.gif|k=v&k2=v2|f g http://u:p%40@h.x:80/a%20b.gif?k=v&k2=v2#f%20g",
        ),
        ("http://h", "http||h|||| http://h"),
        ("https://user:@h:77/foo", "https|user:|h|77|/foo|| https://user:@h:77/foo"),
        ("https://user@h/", "https|user|h||/|| https://user@h/"),
        ("/a b", "||||/a b|| /a%20b"),
        ("a/b?", "||||a/b|| a/b?"),
        ("//h/p", "||h||/p|| //h/p"),
        ("///p", "||||///p|| ///p"),
        ("file:///p", "file||||/p|| file:///p"),
        ("file:/p", "file||||/p|| file:/p"),
        ("mailto:a@b", "mailto|||||| mailto:a@b"),
        ("", "|||||| "),
        ("#f", "||||||f #f"),
        ("*", "||||*|| *"),
        ("postgres://a:1,b:2/db", "postgres||a:1,b|2|/db|| postgres://a:1,b:2/db"),
        ("http://[fe80::1%25en0]:80/", "http||fe80::1%en0|80|/|| http://[fe80::1%25en0]:80/"),
        ("http://%E4%B8%96/", "http||世||/|| http://%E4%B8%96/"),
        ("/é", "||||/é|| /%C3%A9"),
        ("a:b", "a|||||| a:b"),
        ("1a:b", "parse \"1a:b\": first path segment in URL cannot contain colon"),
        (":x", "parse \":x\": missing protocol scheme"),
        ("http://a:1:2/", "parse \"http://a:1:2/\": invalid port \":1:2\" after host"),
        ("http://h:x/", "parse \"http://h:x/\": invalid port \":x\" after host"),
        ("http://a b/", "parse \"http://a b/\": invalid character \" \" in host name"),
        ("http://a%20b/", "parse \"http://a%20b/\": invalid URL escape \"%20\""),
        ("http://x[::1]/", "parse \"http://x[::1]/\": invalid IP-literal"),
        ("http://[::1/", "parse \"http://[::1/\": missing ']' in host"),
        (
            "http://[1.2.3.4]/",
            "parse \"http://[1.2.3.4]/\": invalid host: ParseAddr(\"1.2.3.4\"): unable to parse IP",
        ),
        ("http://u ser@h/", "parse \"http://u ser@h/\": net/url: invalid userinfo"),
        ("/a%zz", "parse \"/a%zz\": invalid URL escape \"%zz\""),
        ("/a#%z", "parse \"/a#%z\": invalid URL escape \"%z\""),
        ("a\nb", "parse \"a\\nb\": net/url: invalid control character in URL"),
    ] {
        assert_eq!(shown(text, As::Reference), expected, "{text}");
    }
}

#[test]
fn requests_begin_at_the_root() {
    for (text, expected) in [
        ("/p?q#f", "||||/p|q#f| /p?q#f"),
        ("//x/y", "||||//x/y|| //x/y"),
        ("", "parse \"\": empty url"),
        ("abc", "parse \"abc\": invalid URI for request"),
    ] {
        assert_eq!(shown(text, As::Request), expected, "{text}");
    }
}

proptest! {
    /// What is read can be written, and read again as the same.
    #[test]
    fn what_is_written_is_read(text in "[a/:@?&=%2\\[\\];#é ]{0,24}") {
        let _ = shown(&text, As::Request);
        if let Ok(url) = read(&text, As::Reference) {
            let written = url.to_string();
            if let Ok(again) = read(&written, As::Reference) {
                prop_assert_eq!(again.to_string(), written);
            }
        }
    }
}
