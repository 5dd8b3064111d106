use slimcol_ottleval::Kind;

use crate::samples::value_of;

fn assert_all(cases: &[(&str, &[&str], &str)]) {
    for (name, arguments, expected) in cases {
        let arguments: Vec<_> = arguments.iter().map(|argument| format!("{argument:?}")).collect();
        let got = value_of(Kind::Log, &format!("{name}({})", arguments.join(", ")));
        let expected = if expected.starts_with(['{', 'r', 'c']) && !expected.starts_with("c>") {
            (*expected).to_owned()
        } else {
            format!("{expected:?}")
        };
        assert_eq!(got, expected, "{name} {arguments:?}");
    }
}

/// The cases of the Go collector's tests of these functions.
#[test]
fn xml_is_changed() {
    assert_all(&[
        ("GetXML", &["<a><b/></a>", "/a/b"], "<b></b>"),
        ("GetXML", &["<a foo=\"bar\"><b>hello</b></a>", "/a"], "<a foo=\"bar\"><b>hello</b></a>"),
        (
            "GetXML",
            &["<a><b>hello</b><b><c>world</c></b><d/></a>", "/a/*"],
            "<b>hello</b><b><c>world</c></b><d></d>",
        ),
        (
            "GetXML",
            &["<a><x>1</x><b><x>2</x></b><d><e><f><x>3</x></f></e></d></a>", "/a//x"],
            "<x>1</x><x>2</x><x>3</x>",
        ),
        (
            "GetXML",
            &["<a><x env=\"prod\">1</x><b><x env=\"dev\">2</x></b></a>", "/a//x[@env='prod']"],
            "<x env=\"prod\">1</x>",
        ),
        ("GetXML", &["", "/"], ""),
        ("GetXML", &["<?xml version=\"1.0\" encoding=\"UTF-8\"?><a></a>", "/*"], "<a></a>"),
        ("GetXML", &["<!-- comment --><a></a><!-- comment -->", "/*"], "<a></a>"),
        ("GetXML", &["<a foo=\"bar\"></a>", "/a/@foo"], "bar"),
        ("GetXML", &["<a>hello</a>", "/a/text()"], "hello"),
        ("GetXML", &["<a><![CDATA[hello]]></a>", "/a/text()"], "hello"),
        ("InsertXML", &["<a></a>", "/a", "<b/>"], "<a><b></b></a>"),
        (
            "InsertXML",
            &["<a></a><z><a></a></z>", "//a", "<b/><c/>"],
            "<a><b></b><c></c></a><z><a><b></b><c></c></a></z>",
        ),
        ("InsertXML", &["<a></a>", "/", "<b/><c/>"], "<a></a><b></b><c></c>"),
        (
            "InsertXML",
            &["<a></a>", "/a", "<x foo=\"bar\"><b>text</b><c><e><![CDATA[two]]></e></c></x>"],
            "<a><x foo=\"bar\"><b>text</b><c><e><![CDATA[two]]></e></c></x></a>",
        ),
        ("InsertXML", &["", "/", "<a/>"], "<a></a>"),
        (
            "InsertXML",
            &["<a><b>has b</b></a><a></a>", "//a[not(b)]", "<b></b>"],
            "<a><b>has b</b></a><a><b></b></a>",
        ),
        (
            "InsertXML",
            &["<a foo=\"bar\"></a>", "/a/@foo", "<b/>"],
            "run: InsertXML XPath selected non-element: \"foo\"",
        ),
        (
            "InsertXML",
            &["<a>foo</a>", "/a/text()", "<b/>"],
            "run: InsertXML XPath selected non-element: \"foo\"",
        ),
        ("InsertXML", &["<a/>", "/a", ""], "run: parse xml: xmlquery: invalid XML document"),
        ("RemoveXML", &["<a><b/><b><c/></b></a>", "/a/b"], "<a></a>"),
        ("RemoveXML", &["<a><b/><b/><c><b><d/></b></c></a>", "/a//b"], "<a><c></c></a>"),
        ("RemoveXML", &["<a foo=\"bar\"/>", "/a/@foo"], "<a></a>"),
        (
            "RemoveXML",
            &["<a><b foo=\"bar\"/><b foo=\"notbar\"/></a>", "/a/b[@foo='bar']"],
            "<a><b foo=\"notbar\"></b></a>",
        ),
        (
            "RemoveXML",
            &["<a><b foo=\"bar\" hello=\"world\" keep=\"this\"/></a>", "//@*[local-name() != 'keep']"],
            "<a><b keep=\"this\"></b></a>",
        ),
        ("RemoveXML", &["<a>delete this</a>", "//text()['*delete*']"], "<a></a>"),
        (
            "RemoveXML",
            &["<a><b><c><!-- delete --></c><!-- too--></b></a>", "//comment()"],
            "<a><b><c></c></b></a>",
        ),
        ("RemoveXML", &["<a><b><![CDATA[a <or &b ]]></b></a>", "//text()['<![CDATA[*']"], "<a><b></b></a>"),
        (
            "RemoveXML",
            &["<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>delete this</a>", "//text()['*delete*']"],
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a></a>",
        ),
        ("RemoveXML", &["", "/"], ""),
        ("ConvertAttributesToElementsXML", &["<a><b/></a>"], "<a><b></b></a>"),
        (
            "ConvertAttributesToElementsXML",
            &["<a hello=\"world\" foo=\"bar\">free value<b href=\"x\"/>2</a>"],
            "<a>free value<b><href>x</href></b>2<hello>world</hello><foo>bar</foo></a>",
        ),
        (
            "ConvertAttributesToElementsXML",
            &["<a hello=\"world\"><b href=\"x\"></b></a>", "/a/b/@*"],
            "<a hello=\"world\"><b><href>x</href></b></a>",
        ),
        (
            "ConvertAttributesToElementsXML",
            &["<a><b href=\"x\"></b></a>", "/a/b"],
            "<a><b href=\"x\"></b></a>",
        ),
        ("ConvertTextToElementsXML", &["<a>hello world</a>"], "<a>hello world</a>"),
        (
            "ConvertTextToElementsXML",
            &["<a>foo<b/>bar</a>"],
            "<a><value>foo</value><b></b><value>bar</value></a>",
        ),
        (
            "ConvertTextToElementsXML",
            &["<a>foo<b/>bar<c/>1<d>not</d>2<e><f/><f/></e></a>", "/", "v"],
            "<a><v>foo</v><b></b><v>bar</v><c></c><v>1</v><d>not</d><v>2</v><e><f></f><f></f></e></a>",
        ),
        (
            "ConvertTextToElementsXML",
            &["<a><b><c/>foo</b><d><c/>bar</d></a>", "/a/b", ""],
            "<a><b><c></c><value>foo</value></b><d><c></c>bar</d></a>",
        ),
        (
            "GetXML",
            &["<a/>", "/a["],
            "compile: couldn't create function: invalid xpath: expected a step, found end (at 1:1)",
        ),
        ("GetXML", &["<a>", "/a"], "run: parse xml: XML syntax error on line 1: unexpected EOF"),
    ]);
    assert_eq!(
        value_of(Kind::Log, "RemoveXML(severity_number, \"/\")"),
        "run: expected string but got int64"
    );
}

#[test]
fn xml_becomes_maps() {
    assert_all(&[
        (
            "ParseXML",
            &["<Log><User><ID>00001</ID><Name>Joe</Name></User><Text>User did a thing</Text></Log>"],
            r#"{"children":[{"children":[{"content":"00001","tag":"ID"},{"content":"Joe","tag":"Name"}],"tag":"User"},{"content":"User did a thing","tag":"Text"}],"tag":"Log"}"#,
        ),
        (
            "ParseXML",
            &["\n <Log>\n This has lines of\n <User id=\"0001\"/>\n text\n </Log>"],
            r#"{"children":[{"attributes":{"id":"0001"},"tag":"User"}],"content":"This has lines oftext","tag":"Log"}"#,
        ),
        (
            "ParseXML",
            &["<?xml version=\"1.0\" encoding=\"UTF-8\" ?><Log>c<!-- d --></Log>"],
            r#"{"content":"c","tag":"Log"}"#,
        ),
        ("ParseXML", &["<Log><!ELEMENT xi:fallback ANY><?x y?>c</Log>"], r#"{"content":"c","tag":"Log"}"#),
        ("ParseXML", &["<Log></Log><Log></Log>"], "run: trailing bytes after parsing xml"),
        (
            "ParseXML",
            &["<Log><Text></Log>"],
            "run: unmarshal xml: decode next token: XML syntax error on line 1: element <Text> closed by </Log>",
        ),
        ("ParseSimplifiedXML", &["<a>b</a>"], r#"{"a":"b"}"#),
        ("ParseSimplifiedXML", &["<a>b</a><a>c</a>"], r#"{"a":["b","c"]}"#),
        (
            "ParseSimplifiedXML",
            &["<a>1</a><a><![CDATA[2]]></a><a><b>3</b></a>"],
            r#"{"a":["1","2",{"b":"3"}]}"#,
        ),
        ("ParseSimplifiedXML", &["<a foo=\"bar\"><b hello=\"world\">c</b></a>"], r#"{"a":{"b":"c"}}"#),
        ("ParseSimplifiedXML", &["<?xml version=\"1.0\"?><a>b</a><!-- ignore -->"], r#"{"a":"b"}"#),
        ("ParseSimplifiedXML", &["<a><b>2</b><c><!-- c is empty --></c></a>"], r#"{"a":{"b":"2"}}"#),
        (
            "ParseSimplifiedXML",
            &["<a><b>2</b><c>4</c><c><!-- empty --></c></a>"],
            r#"{"a":{"b":"2","c":["4"]}}"#,
        ),
        ("ParseSimplifiedXML", &["<a>extra1<b>3</b><![CDATA[2]]></a>"], r#"{"a":{"b":"3"}}"#),
        ("ParseSimplifiedXML", &["<a><b><c/></b><d>2</d></a>"], r#"{"a":{"d":"2"}}"#),
        ("ParseSimplifiedXML", &["<a><b>3</b><b/></a>"], r#"{"a":{"b":["3"]}}"#),
        ("ParseSimplifiedXML", &["<a>"], "run: parse xml: XML syntax error on line 1: unexpected EOF"),
    ]);
}

/// What is hostile is refused, or takes its length.
#[test]
fn hostile_xml_is_borne() {
    let deep = "<a>".repeat(300_000);
    let refused = "run: unmarshal xml: decode next token: exceeded maximum XML nesting depth of 256";
    assert_eq!(value_of(Kind::Log, &format!("ParseXML({deep:?})")), refused);
    let wide = format!("<a>{}</a>", "<b x='1'>t</b>".repeat(20_000));
    for function in
        ["ParseXML", "ParseSimplifiedXML", "ConvertAttributesToElementsXML", "ConvertTextToElementsXML"]
    {
        assert!(value_of(Kind::Log, &format!("{function}({wide:?})")).len() > 20_000, "{function}");
    }
    let many = "<c/>".repeat(20_000);
    assert_eq!(
        value_of(Kind::Log, &format!("InsertXML({wide:?}, \"//b\", {many:?})")),
        "run: InsertXML: the document has more than 1000000 nodes"
    );
    let flat = value_of(Kind::Log, &format!("ParseXML(\"{}x{}\")", "<a>".repeat(200), "</a>".repeat(200)));
    assert!(flat.starts_with("{\"children\":"), "{flat}");
}
