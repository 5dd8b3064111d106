use slimcol_ottleval::Kind;

use crate::samples::value_of;

/// The cases of the Go collector's `func_extract_grok_patterns_test.go`, and more.
#[test]
fn patterns_with_names_are_read() {
    for (source, expected) in [
        (r#""a=b c=d", "^a=(?P<a>\\w+)\\s+c=(?P<c>\\w+)$""#, r#"{"a":"b","c":"d"}"#),
        (r#""a=b c=d", "^a=(?P<a>\\w+)$""#, "{}"),
        (
            r#""http://user:password@example.com:80/path?query=string", "%{URI}""#,
            r#"{"HOSTNAME":"example.com","IPORHOST":"example.com","POSINT":"80","URI":"http://user:password@example.com:80/path?query=string","URIHOST":"example.com:80","URIPATH":"/path","URIPROTO":"http","URIQUERY":"query=string","USER":"user","USERNAME":"user"}"#,
        ),
        (
            r#""http://user:password@example.com:80/path?query=string", "%{ELB_URI}", true"#,
            r#"{"url.domain":"example.com","url.path":"/path","url.port":80,"url.query":"query=string","url.scheme":"http","url.username":"user"}"#,
        ),
        (
            r#""2024-06-18 12:34:56 UTC johndoe 12345 67890", "%{DATESTAMP:timestamp} %{TZ:event.timezone} %{DATA:user.name} %{GREEDYDATA:postgresql.log.connection_id} %{POSINT:process.pid:int}", true"#,
            r#"{"event.timezone":"UTC","postgresql.log.connection_id":"12345","process.pid":67890,"timestamp":"24-06-18 12:34:56","user.name":"johndoe"}"#,
        ),
        (
            r#""2024-06-18 12:34:56 otel", "%{MYPATTERN}", true, ["MYPATTERN=%{MYDATEPATTERN:timestamp} otel", "MYDATEPATTERN=%{DATE}[- ]%{TIME}"]"#,
            r#"{"timestamp":"24-06-18 12:34:56"}"#,
        ),
        (
            r#""127.0.0.1 - - [11/Dec/2013:00:01:45 -0800] \"GET /xampp/ HTTP/1.1\" 200 3891 \"http://c/\" \"Mozilla\"", "%{COMBINEDAPACHELOG}", true"#,
            r#"{"http.request.method":"GET","http.request.referrer":"http://c/","http.response.body.size":3891,"http.response.status_code":200,"http.version":"1.1","source.address":"127.0.0.1","timestamp":"11/Dec/2013:00:01:45 -0800","url.original":"/xampp/","user_agent.original":"Mozilla"}"#,
        ),
        (r#""1 2", "%{INT:n} %{INT:n}", true"#, r#"{"n":"2"}"#),
        (
            r#""1.5 true 1", "%{NUMBER:a:float} %{WORD:b:bool} %{WORD:c:string}", true"#,
            r#"{"a":1.5,"b":true,"c":"1"}"#,
        ),
        (r#""x", "%{WORD:a:int}", true"#, "run: strconv.Atoi: parsing \"x\": invalid syntax"),
        (
            r#""99999999999999999999", "%{WORD:a:long}", true"#,
            "run: strconv.Atoi: parsing \"99999999999999999999\": value out of range",
        ),
        (r#""x", "%{WORD:a:float}", true"#, "run: strconv.ParseFloat: parsing \"x\": invalid syntax"),
        (r#""x", "%{WORD:a.b:date}", true"#, "run: invalid type for a___b: type not specified"),
        (r#"severity_number, "%{WORD:a}""#, "run: expected string but got int64"),
        (r#"body, Concat(["%{WORD", "a}"], ":")"#, r#"{"a":"operationA"}"#),
        (
            r#"body, Concat(["(", ""], "")"#,
            "run: the regex pattern supplied to ExtractGrokPatterns '\"(\"' is not a valid pattern: error parsing regexp: missing closing ): `(`",
        ),
        (r#"body, "(.*)""#, "{}"),
        (
            r#"body, "(.*)", true"#,
            "compile: couldn't create function: at least 1 named capture group must be supplied in the given regex (at 1:1)",
        ),
        (
            r#"body, "%{FOO}""#,
            "compile: couldn't create function: the regex pattern supplied to ExtractGrokPatterns '\"%{FOO}\"' is not a valid pattern: pattern definition \"FOO\" unknown: parsing failed (at 1:1)",
        ),
        (
            r#"body, "%{URI}", true, ["PAT:TERN=invalid"]"#,
            "compile: couldn't create function: pattern ID \"PAT:TERN\" should not contain ':' (at 1:1)",
        ),
        (
            r#"body, "%{URI}", true, ["a pattern without that sign"]"#,
            "compile: couldn't create function: pattern \"a pattern without...\" supplied to ExtractGrokPatterns at index 0 has incorrect format, expecting PATTERNNAME=pattern definition (at 1:1)",
        ),
    ] {
        assert_eq!(value_of(Kind::Log, &format!("ExtractGrokPatterns({source})")), expected, "{source}");
    }
}
