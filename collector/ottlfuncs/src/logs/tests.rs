use slimcol_ottl::Scope;
use slimcol_ottleval::{Fault, Kind};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

use super::{cef, clf, elf, leef};
use crate::LOG;

fn shown(result: Result<OwnValue, Fault>) -> String {
    match result {
        Ok(value) => value.view().to_text().into_owned(),
        Err(fault) => fault.to_string(),
    }
}

/// Cases of the Go collector's `func_parse_cef_test.go`: header, what is read of it, and the extensions.
#[test]
fn cef() {
    for (message, header, extensions) in [
        (
            "CEF:0|Security|threatmanager|1.0|100|worm successfully stopped|10|src=10.0.0.1 dst=2.1.2.2 spt=1232",
            "0|Security|threatmanager|1.0|100|worm successfully stopped|10",
            r#"{"dst":"2.1.2.2","spt":"1232","src":"10.0.0.1"}"#,
        ),
        ("CEF:1|A|A|2.4.1|machine:20|New alert|Low", "1|A|A|2.4.1|machine:20|New alert|Low", "{}"),
        ("CEF:0|V|P|1.0|E|N|5|", "0|V|P|1.0|E|N|5", "{}"),
        (r"CEF:0|V\\Co|P\|X|1.0|1|a \x b|5|", r"0|V\Co|P|X|1.0|1|a \x b|5", "{}"),
        (
            "<134>Sep 19 08:26:10 host CEF:0|V|P|1|1|E|5|src=1 msg=this is a message  dst=1.2.3.4",
            "0|V|P|1|1|E|5",
            r#"{"dst":"1.2.3.4","msg":"this is a message","src":"1"}"#,
        ),
        (
            r"CEF:0|V|P|1|1|E|5|cs1=value with \= equals fname=C:\\W\\c.exe msg=one\ntwo\rthree u=http://e?foo=bar&b=q",
            "0|V|P|1|1|E|5",
            r#"{"cs1":"value with = equals","fname":"C:\\W\\c.exe","msg":"one\ntwo\rthree","u":"http://e?foo=bar&b=q"}"#,
        ),
    ] {
        let fields: Vec<_> = [
            "version",
            "device_vendor",
            "device_product",
            "device_version",
            "device_event_class_id",
            "name",
            "severity",
        ]
        .iter()
        .zip(header.replace("P|X", "P\u{1}X").split('|'))
        .map(|(name, field)| (format!("cef.{name}"), field.replace('\u{1}', "|")))
        .collect();
        let got = cef::parse(message).unwrap();
        let ValueRef::Map(map) = got.view() else { panic!("{message}") };
        for (name, field) in fields {
            assert_eq!(map.get(&name).and_then(ValueRef::as_str), Some(&*field), "{message} {name}");
        }
        assert_eq!(map.get("cef.extensions").unwrap().to_text(), extensions, "{message}");
    }
    for (message, expected) in [
        ("x", "invalid CEF message: 'CEF:' not found"),
        ("CEF:|a|b|c|d|e|f", "invalid CEF message: missing version"),
        (
            "CEF:0|a|b",
            "invalid CEF header: expected at least 7 pipe-delimited fields (CEF:Version, Device Vendor, Device Product, Device Version, Device Event Class ID, Name, Severity), got 3",
        ),
    ] {
        assert_eq!(shown(cef::parse(message)), expected);
    }
}

#[test]
fn clf() {
    for (message, combined, expected) in [
        (
            r#"127.0.0.1 ident alice [01/May/2026:07:20:10 +0000] "GET /index.html HTTP/1.1" 200 9481"#,
            false,
            r#"{"clf.auth_user":"alice","clf.bytes":9481,"clf.method":"GET","clf.protocol":"HTTP/1.1","clf.remote_host":"127.0.0.1","clf.request":"GET /index.html HTTP/1.1","clf.request_uri":"/index.html","clf.rfc931":"ident","clf.status":200,"clf.timestamp":"01/May/2026:07:20:10 +0000"}"#,
        ),
        (
            r#" h - - [t] "\x16\x03 \"q\" \\ \t \z \x" 400 - "-" "a \"b\"" "#,
            true,
            "{\"clf.auth_user\":\"-\",\"clf.method\":\"\\u0016\\u0003\",\"clf.protocol\":\"\\\\ \\t \\\\z \\\\x\",\"clf.referer\":\"-\",\"clf.remote_host\":\"h\",\"clf.request\":\"\\u0016\\u0003 \\\"q\\\" \\\\ \\t \\\\z \\\\x\",\"clf.request_uri\":\"\\\"q\\\"\",\"clf.rfc931\":\"-\",\"clf.status\":400,\"clf.timestamp\":\"t\",\"clf.user_agent\":\"a \\\"b\\\"\"}",
        ),
        (
            r#"h - - [t] "GET" 200 1"#,
            false,
            r#"{"clf.auth_user":"-","clf.bytes":1,"clf.remote_host":"h","clf.request":"GET","clf.rfc931":"-","clf.status":200,"clf.timestamp":"t"}"#,
        ),
        (
            r#"h - - [t] "GET" 200 1"#,
            true,
            "invalid CLF message: does not match expected \"combined\" format",
        ),
        (
            r#"h - - [t] "GET" 200 1 "a" "b""#,
            false,
            "invalid CLF message: does not match expected \"clf\" format",
        ),
        (r#"h - - [] "GET" 200 1"#, false, "invalid CLF message: does not match expected \"clf\" format"),
        (r#"h  - - [t] "GET" 200 1"#, false, "invalid CLF message: does not match expected \"clf\" format"),
        (r#"h - - [t] "GET 200 1"#, false, "invalid CLF message: does not match expected \"clf\" format"),
        (
            r#"h - - [t] "GET" abc 1"#,
            false,
            "invalid status code \"abc\": strconv.ParseInt: parsing \"abc\": invalid syntax",
        ),
        (
            r#"h - - [t] "GET" 200 99999999999999999999"#,
            false,
            "invalid bytes value \"99999999999999999999\": strconv.ParseInt: parsing \"99999999999999999999\": value out of range",
        ),
    ] {
        assert_eq!(shown(clf::parse(message, combined)), expected, "{message}");
    }
}

#[test]
fn elf() {
    for (message, expected) in [
        (
            "#Version: 1.0\n#Date: 12-Jan-1996 00:00:00\n#Fields: time cs-method cs-uri\n00:34:23 GET /foo/bar.html\r\n12:21:16 GET \"a \"\"b\"\" c\" extra\n12:22",
            r#"{"elf.date":"12-Jan-1996 00:00:00","elf.entries":[{"cs-method":"GET","cs-uri":"/foo/bar.html","time":"00:34:23"},{"cs-method":"GET","cs-uri":"a \"b\" c","time":"12:21:16"},{"cs-method":"-","cs-uri":"-","time":"12:22"}],"elf.fields":["time","cs-method","cs-uri"],"elf.version":"1.0"}"#,
        ),
        (
            "#VERSION: 1.0\n#Remark\n#Software: IIS\n#Fields: a\n1\n#Fields: b\t c\n2 3",
            r#"{"elf.entries":[{"a":"1"},{"b":"2","c":"3"}],"elf.fields":["b","c"],"elf.software":"IIS","elf.version":"1.0"}"#,
        ),
        ("#Version: 1.0", r#"{"elf.entries":[],"elf.fields":[],"elf.version":"1.0"}"#),
        ("#Fields: a\n1", "invalid ELF: missing #Version directive"),
        ("#Version: 1.0\n1", "invalid ELF: data entry found before #Fields directive"),
        (
            "#Version: 1.0\n#Fields a b",
            "invalid ELF: malformed #Fields directive \"#Fields a b\": directive \"#Fields a b\" has no colon separator",
        ),
        ("#Version: 1.0\n#Fields: a\n\"x", "invalid ELF: unterminated quoted value in data line: \"\\\"x\""),
    ] {
        assert_eq!(shown(elf::parse(message)), expected, "{message}");
    }
}

#[test]
fn leef() {
    let whole = |version: &str, attributes: &str| {
        format!(
            r#"{{"leef.attributes":{attributes},"leef.event.id":"15345","leef.product.name":"MSExchange","leef.product.version":"4.0 SP1","leef.vendor":"Microsoft","leef.version":"{version}"}}"#
        )
    };
    let head = |version: &str| format!("<13>host LEEF:{version}|Microsoft|MSExchange|4.0 SP1|15345");
    for (version, rest, attributes) in [
        (
            "1.0",
            "|src=10.0.1.7\tdst=10.0.0.5\tsev= 5\tx\t=y\tsrc=2",
            r#"{"dst":"10.0.0.5","sev":" 5","src":"2"}"#,
        ),
        ("1.0", "", "{}"),
        ("1.0", "|a=b|c=d", r#"{"a":"b|c=d"}"#),
        ("2.0", "|^|src=1^dst=2|3", r#"{"dst":"2|3","src":"1"}"#),
        ("2.0", "|0x7C|src=1|dst=2", r#"{"dst":"2","src":"1"}"#),
        ("2.0", "||src=1\tdst=2", r#"{"dst":"2","src":"1"}"#),
        ("2.0", "|src=1\tdst=2|3", r#"{"dst":"2|3","src":"1"}"#),
        ("2.0", "", "{}"),
        ("2.0", "|^", "{}"),
    ] {
        let message = head(version) + rest;
        assert_eq!(shown(leef::parse(&message)), whole(version, attributes), "{message}");
    }
    for (message, expected) in [
        ("x", "invalid LEEF message: 'LEEF:' not found"),
        ("LEEF:1.0", "invalid LEEF message: missing pipe delimiter in header"),
        ("LEEF:3.0|", "unsupported LEEF version: 3.0 (supported: 1.0, 2.0)"),
        (
            "LEEF:1.0|a|b",
            "invalid LEEF 1.0 header: expected at least 4 fields (vendor, product, version, eventID), got 2",
        ),
        ("LEEF:2.0|a|b|c|d|0x|", "invalid LEEF 2.0 delimiter: empty hex value"),
        (
            "LEEF:2.0|a|b|c|d|0x0a0b|",
            "invalid LEEF 2.0 delimiter: hex delimiter must decode to a single byte, got 2 bytes",
        ),
        (
            "LEEF:2.0|a|b|c|d|0xzz|",
            "invalid LEEF 2.0 delimiter: invalid hex delimiter \"0xzz\": encoding/hex: invalid byte: U+007A 'z'",
        ),
        (
            "LEEF:2.0|a|b|c|d|^^|",
            "invalid LEEF 2.0 delimiter: delimiter must be a single character or 0x-prefixed hex value, got \"^^\"",
        ),
    ] {
        assert_eq!(shown(leef::parse(message)), expected, "{message}");
    }
}

#[test]
fn they_are_functions_of_logs() {
    let scope = Scope { context: Kind::Log, prefixed: false, functions: LOG };
    let run = |source: &str| {
        let expression = match scope.expression(source) {
            Ok(expression) => expression,
            Err(error) => return error.to_string(),
        };
        crate::samples::on(Kind::Log, |record| match expression.value(record) {
            Ok(value) => crate::samples::shown(&value),
            Err(fault) => fault.to_string(),
        })
    };
    for (source, expected) in [
        ("ParseCLF(\"h - - [t] \\\"GET\\\" 200 1\")[\"clf.status\"]", "200"),
        ("ParseCEF(\"\")", "cannot parse empty CEF message"),
        ("ParseELF(\"\")", "cannot parse empty ELF message"),
        ("ParseLEEF(body)", "invalid LEEF message: 'LEEF:' not found"),
        ("ParseCLF(severity_number)", "expected string but got int64"),
        (
            "ParseCLF(body, \"x\")",
            "couldn't create function: invalid format \"x\": must be \"clf\" or \"combined\" (at 1:1)",
        ),
    ] {
        assert_eq!(run(source), expected, "{source}");
    }
}

/// A megabyte of what looks like keys, quotes and escapes takes its length.
#[test]
fn long_messages_take_their_length() {
    let many = format!("CEF:0|a|b|c|d|e|f|{}", "k=v \\\\ ".repeat(150_000));
    assert!(cef::parse(&many).is_ok());
    assert!(cef::parse(&format!("CEF:0|{}", "\\".repeat(1_000_000))).is_err());
    assert!(clf::parse(&format!("h - - [t] \"{}", "\\\"".repeat(500_000)), false).is_err());
    let fields = "f ".repeat(200);
    let lines = "\"\"\"\" x\n".repeat(2_000);
    assert!(elf::parse(&format!("#Version: 1\n#Fields: {fields}\n{lines}")).is_ok());
    let many = format!("#Version: 1\n#Fields: {}\n{}", "f ".repeat(100_000), "x\n".repeat(100_000));
    assert_eq!(shown(elf::parse(&many)), "invalid ELF: more than 1000000 values");
    assert!(leef::parse(&format!("LEEF:1.0|a|b|c|d|{}", "a=b\t".repeat(250_000))).is_ok());
}
