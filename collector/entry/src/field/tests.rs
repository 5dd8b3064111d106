use super::*;
use crate::json;

fn entry(body: &str, attributes: &str) -> Entry {
    let value = |text: &str| json::read(&text.to_owned().into(), json::Numbers::Whole).unwrap();
    let Value::Map(attributes) = value(attributes) else { panic!("no map") };
    Entry { body: value(body), attributes: attributes.into(), ..Entry::default() }
}

fn shown(entry: &Entry) -> String {
    format!("{} {}", json::text(&entry.body), json::text(&Value::Map(entry.attributes.clone().into_map())))
}

#[test]
fn paths_read_and_print_as_in_go() {
    for (path, shown) in [
        ("body", "body"),
        ("body.a.b", "body.a.b"),
        ("body[\"a\"]['b']", "body.a.b"),
        ("attributes['k.x'].y", "attributes['k.x']['y']"),
        ("['resource'].a", "resource.a"),
        ("attributes.a['b'][\"c\"].d", "attributes.a.b.c.d"),
    ] {
        assert_eq!(Field::parse(path).unwrap().to_string(), shown, "{path}");
    }
    for (path, error) in [
        ("", "splitting field: fields size is 0"),
        ("message", "unrecognized prefix"),
        ("attributes", "attributes cannot be referenced without subfield"),
        ("resource", "resource cannot be referenced without subfield"),
        ("body[", "splitting field: found unclosed left bracket"),
        ("body['a'", "splitting field: found unclosed left bracket"),
        ("body[\"a", "splitting field: found unclosed double quote"),
        ("body['a", "splitting field: found unclosed single quote"),
        ("body[a]", "splitting field: strings in brackets must be surrounded by quotes"),
        ("body['a'x]", "splitting field: found characters between closed quote and closing bracket"),
        (
            "body['a']b",
            "splitting field: bracketed access must be followed by a dot or another bracketed access",
        ),
    ] {
        assert_eq!(Field::parse(path).unwrap_err(), error, "{path}");
    }
    assert_eq!(Rootable::parse("attributes").unwrap().0, Field::ATTRIBUTES);
}

#[test]
fn values_are_set_as_in_go() {
    for (path, value, expected) in [
        ("body", "1", "1 {\"k\":2}"),
        ("body", "{\"n\":1}", "{\"a\":{\"b\":1},\"n\":1} {\"k\":2}"),
        ("body.a", "{\"c\":1}", "{\"a\":{\"b\":1,\"c\":1}} {\"k\":2}"),
        ("body.a.b.c", "3", "{\"a\":{\"b\":{\"c\":3}}} {\"k\":2}"),
        ("attributes.k", "\"v\"", "{\"a\":{\"b\":1}} {\"k\":\"v\"}"),
        ("attributes.k", "{\"x\":1}", "{\"a\":{\"b\":1}} {\"k\":{\"x\":1}}"),
        ("attributes.m.n", "null", "{\"a\":{\"b\":1}} {\"k\":2,\"m\":{\"n\":null}}"),
    ] {
        let mut entry = entry("{\"a\":{\"b\":1}}", "{\"k\":2}");
        let value = json::read(&value.to_owned().into(), json::Numbers::Whole).unwrap();
        Field::parse(path).unwrap().set(&mut entry, value).unwrap();
        assert_eq!(shown(&entry), expected, "{path}");
    }
    let mut text = Entry { body: "line".into(), ..Entry::default() };
    Field::parse("body.x").unwrap().set(&mut text, Value::Int(1)).unwrap();
    assert_eq!(shown(&text), "{\"x\":1} {}");
    assert_eq!(Field::ATTRIBUTES.set(&mut text, Value::Int(1)).unwrap_err(), "cannot set attributes root");
}

#[test]
fn values_are_found_and_taken_out() {
    let mut entry = entry("{\"a\":{\"b\":1}}", "{\"k\":2,\"m\":{\"n\":3}}");
    entry.resource.insert("r".into(), Value::Int(4));
    let at = |path| Field::parse(path).unwrap();
    assert_eq!(at("attributes.m.n").get(&entry), Some(&Value::Int(3)));
    assert_eq!(at("attributes.k.n").get(&entry), None);
    assert_eq!(at("body.a.x").delete(&mut entry), None);
    assert_eq!(at("body.a.b").delete(&mut entry), Some(Value::Int(1)));
    assert_eq!(at("attributes.m.n").delete(&mut entry), Some(Value::Int(3)));
    assert_eq!(shown(&entry), "{\"a\":{}} {\"k\":2,\"m\":{}}");
    let other = entry.resource.clone();
    assert_eq!(at("resource.r").delete(&mut entry), Some(Value::Int(4)));
    assert_eq!((entry.resource.len(), other.len()), (0, 1));
    assert!(at("body").delete(&mut entry).is_some());
    assert_eq!(entry.body, Value::Null);
}
