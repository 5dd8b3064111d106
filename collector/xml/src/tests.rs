use proptest::prelude::*;

use super::*;

fn selected(text: &str, path: &str) -> String {
    let path = match Path::parse(path) {
        Ok(path) => path,
        Err(why) => return format!("path: {why}"),
    };
    match Document::read(text) {
        Ok(document) => match path.select(&document) {
            Ok(items) => document.written(&items),
            Err(why) => why,
        },
        Err(why) => why,
    }
}

fn whole(document: &Document<'_>) -> String {
    document.written(&document.children(Item::ROOT).collect::<Vec<_>>())
}

#[test]
fn what_is_read_is_written() {
    for (text, expected) in [
        ("<a><b/></a>", "<a><b></b></a>"),
        ("<a x='1' y=\"'\">&lt;&#65;&#x42;&amp;</a>", "<a x=\"1\" y=\"&#39;\">&lt;AB&amp;</a>"),
        (
            "<?xml version=\"1.0\" encoding='UTF-8'?>\n<a/>\n",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a></a>\n",
        ),
        ("<!-- c --><a/><!-- d --><b/>", "<a></a><!-- d --><b></b>"),
        (
            "<a><![CDATA[<x>&]]><?p q r?><!ELEMENT b 'c>d'></a>",
            "<a><![CDATA[<x>&]]><?p q r?><!ELEMENT b 'c>d'></a>",
        ),
        ("<p:a xmlns:p='u' p:x='1'><p:b/></p:a>", "<p:a xmlns:p=\"u\" p:x=\"1\"><p:b></p:b></p:a>"),
        ("<a>1\r\n2\r3</a>", "<a>1\n2\n3</a>"),
        ("<é>ü</é>", "<é>ü</é>"),
    ] {
        let got = Document::read(text).map(|document| whole(&document));
        assert_eq!(got.as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_wrong_is_told() {
    for (text, expected) in [
        ("", "xmlquery: invalid XML document"),
        ("text", "xmlquery: invalid XML document"),
        ("<a>", "XML syntax error on line 1: unexpected EOF"),
        ("<a>\n<b></a>", "XML syntax error on line 2: element <b> closed by </a>"),
        ("</a>", "XML syntax error on line 1: unexpected end element </a>"),
        ("<a", "XML syntax error on line 1: unexpected EOF"),
        ("<a/ >", "XML syntax error on line 1: expected /> in element"),
        ("<1/>", "XML syntax error on line 1: expected element name after <"),
        ("<a 1='x'/>", "XML syntax error on line 1: expected attribute name in element"),
        ("<a x/>", "XML syntax error on line 1: attribute name without = in element"),
        ("<a x=1/>", "XML syntax error on line 1: unquoted or missing attribute value in element"),
        ("<a x='<'/>", "XML syntax error on line 1: unescaped < inside quoted string"),
        ("<a>]]></a>", "XML syntax error on line 1: unescaped ]]> not in CDATA section"),
        ("<a>&x;</a>", "XML syntax error on line 1: invalid character entity &x;"),
        ("<a>&x</a>", "XML syntax error on line 1: invalid character entity &x (no semicolon)"),
        ("<a>\u{1}</a>", "XML syntax error on line 1: illegal character code U+0001"),
        ("<a></a b>", "XML syntax error on line 1: invalid characters between </a and >"),
        (
            "<a><!-- x -- y --></a>",
            "XML syntax error on line 1: invalid sequence \"--\" not allowed in comments",
        ),
        ("<p:a/>", "xmlquery: invalid XML document, namespace p is missing"),
        ("<?xml version='1.1'?><a/>", "xml: unsupported version \"1.1\"; only version 1.0 is supported"),
    ] {
        assert_eq!(Document::read(text).unwrap_err(), expected, "{text}");
    }
    let deep = |count: usize| format!("{}{}", "<a>".repeat(count), "</a>".repeat(count));
    assert!(Document::read(&deep(DEPTH)).is_ok());
    assert_eq!(Document::read(&deep(1_000_000)).unwrap_err(), "exceeded maximum XML nesting depth of 256");
}

#[test]
fn one_element_is_read() {
    for (text, expected) in [
        (" <a>x</a>", "<a>x</a>"),
        ("<?xml version='1.0'?><!--c--><a/>", "<a></a>"),
        ("<a></a><a></a>", "trailing bytes after parsing xml"),
        ("<a/>\n", "trailing bytes after parsing xml"),
        ("<a id='1'>", "unmarshal xml: decode next token: XML syntax error on line 1: unexpected EOF"),
        (
            "<a><b></a>",
            "unmarshal xml: decode next token: XML syntax error on line 1: element <b> closed by </a>",
        ),
        ("<a", "unmarshal xml: XML syntax error on line 1: unexpected EOF"),
        ("", "unmarshal xml: EOF"),
    ] {
        let got = Document::read_element(text).map(|document| whole(&document));
        assert_eq!(got.unwrap_or_else(|why| why), expected, "{text}");
    }
}

#[test]
fn paths_find() {
    const TEXT: &str =
        "<a k='0'>t<b k='1'>x</b><!--c--><b k='2'><c n='5'>y</c></b><d><b>z</b><![CDATA[w]]></d></a>";
    for (path, expected) in [
        ("/a/b", "<b k=\"1\">x</b><b k=\"2\"><c n=\"5\">y</c></b>"),
        ("a/b[1]", "<b k=\"1\">x</b>"),
        ("/a/b[last()]/c", "<c n=\"5\">y</c>"),
        ("/a/b[position() > 1]/@k", "2"),
        ("//b", "<b k=\"1\">x</b><b k=\"2\"><c n=\"5\">y</c></b><b>z</b>"),
        ("//b[not(@k)]", "<b>z</b>"),
        ("//b[@k='2']/c/text()", "y"),
        ("//@k", "012"),
        ("//@*[local-name() != 'k']", "5"),
        ("//comment()", "<!--c-->"),
        ("//text()", "txyz<![CDATA[w]]>"),
        ("//text()['*z*']", "txyz<![CDATA[w]]>"),
        ("//*[contains(text(), 'z')]", "<b>z</b>"),
        ("//b[. = 'x' or starts-with(., 'z')]", "<b k=\"1\">x</b><b>z</b>"),
        ("//c/..", "<b k=\"2\"><c n=\"5\">y</c></b>"),
        ("//c/ancestor::a/@k", "0"),
        ("//c[@n + 1 = 6]", "<c n=\"5\">y</c>"),
        ("//c[@n < 5] | //d/b", "<b>z</b>"),
        ("/a/b[2]/preceding-sibling::*", "<b k=\"1\">x</b>"),
        ("/a/child::b/following-sibling::d/descendant::b", "<b>z</b>"),
        ("/a/b/", "<b k=\"1\">x</b><b k=\"2\"><c n=\"5\">y</c></b>"),
        ("//b[count(c) = 1]/@k", "2"),
        ("//*[string-length(@k) = 1 and normalize-space(.) = 'x']/@k", "1"),
        ("//*[name() = 'c']/self::c", "<c n=\"5\">y</c>"),
        ("/x", ""),
        ("1", "xpath: expression does not select nodes"),
        ("/a[", "path: expected a step, found end"),
        ("/a]", "path: unexpected \"]\" in \"/a]\""),
        ("", "path: expected a step, found end"),
        ("/a[foo()]", "path: function foo() is not supported"),
        ("/following::a", "path: axis \"following\" is not supported"),
        ("'a", "path: unclosed string in \"'a\""),
        ("/a#", "path: unexpected '#' in \"/a#\""),
        ("not()", "path: not() does not take 0 arguments"),
    ] {
        assert_eq!(selected(TEXT, path), expected, "{path}");
    }
    let deep = format!("{}1{}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(Path::parse(&deep).unwrap_err(), "nested more than 50 deep");
    assert!(Path::parse(&"1+".repeat(100_000)).is_err());
    let many = format!("<a>{}</a>", "<b/>".repeat(20_000));
    assert_eq!(selected(&many, "//b[//b = 'x']"), "xpath: looked at more than 2000000 nodes");
}

#[test]
fn documents_are_changed() {
    let mut document = Document::read("<a x='1' y='2'>t<b/></a>").unwrap();
    let mut other = Document::read("<c/><d>e</d>").unwrap();
    other.append(Item::ROOT, &Document::read("<f/>").unwrap(), 100);
    let all = |document: &Document<'_>, path: &str| Path::parse(path).unwrap().select(document).unwrap();
    for item in all(&document, "//@x") {
        document.to_element(item);
    }
    for item in all(&document, "//b") {
        assert!(document.append(item, &other, 100));
    }
    for item in all(&document, "/a/text()") {
        document.wrap(item, "v");
    }
    for item in all(&document, "//d | //@y") {
        document.remove(item);
    }
    assert_eq!(whole(&document), "<a><v>t</v><b><c></c><f></f></b><x>1</x></a>");
    assert!(!document.append(Item::ROOT, &other, 3));
}

proptest! {
    #[test]
    fn what_was_written_is_read_again(text in "[a<>/!\\[\\]\\-?='\"& ;#x1é]{0,32}", path in "[a/@*\\[\\]().'1 <=|:]{0,16}") {
        let _ = Document::read_element(&text);
        if let Ok(document) = Document::read(&text) {
            let written = whole(&document);
            let again = Document::read(&written).map(|document| whole(&document));
            prop_assert_eq!(again.as_deref(), Ok(written.as_str()));
        }
        if let Ok(path) = Path::parse(&path) {
            let document = Document::read("<a x='1'><b>1</b><a/></a>").unwrap();
            let _ = path.select(&document);
        }
    }
}
