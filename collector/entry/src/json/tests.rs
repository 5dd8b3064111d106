use proptest::prelude::*;

use super::*;

fn outcome(text: &str) -> String {
    let text = Text::from(text);
    match read(&text, Numbers::Whole) {
        Ok(value) => super::text(&value),
        Err(fault) => Shown(fault, &text).to_string(),
    }
}

#[test]
fn values_read() {
    for (text, expected) in [
        (
            " {\"a\" : [1, -2.5e1, true, false, null, \"x\"], \"b\":{}} ",
            "{\"a\":[1,-25,true,false,null,\"x\"],\"b\":{}}",
        ),
        ("\"\\u00e9\\ud83d\\ude00\\n\\/\\ud83dx\"", "\"é😀\\n/\u{fffd}x\""),
        ("{\"a\":1,\"a\":2}", "{\"a\":2}"),
        ("9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9223372036854776000"),
        ("1e400", "\"1e400\""),
        ("[]", "[]"),
        ("", "unexpected end of JSON input"),
        ("{\"a\":", "unexpected end of JSON input"),
        ("{\"a\" 1}", "invalid character '1' after object key"),
        ("{a:1}", "invalid character 'a' looking for beginning of object key string"),
        ("[1 2]", "invalid character '2' after array element"),
        ("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair"),
        ("trux", "invalid character 'x' in literal"),
        ("1 x", "invalid character 'x' after top-level value"),
        ("é", "invalid character 'é' looking for beginning of value"),
        ("\"\\x\"", "invalid character 'x' in string escape code"),
        ("\"\\u00zz\"", "invalid character 'z' in \\u hexadecimal character escape"),
        ("1.", "unexpected end of JSON input"),
        ("-x", "invalid character 'x' in numeric literal"),
    ] {
        assert_eq!(outcome(text), expected, "{text}");
    }
    assert_eq!(outcome(&"[".repeat(100_000)), "exceeded max depth");
    assert!(read(&"[".repeat(128).into(), Numbers::Whole) == Err(Fault::End));
}

#[test]
fn texts_share_the_line() {
    let line = Text::from("{\"a name that is too long to be copied\":\"a value that is as long as that\"}");
    let Ok(Value::Map(map)) = read(&line, Numbers::Floats) else { panic!("no map") };
    let inside = line.as_bytes().as_ptr_range();
    let (name, value) = map.at(0).unwrap();
    assert!(inside.contains(&name.as_bytes().as_ptr()));
    assert!(inside.contains(&value.as_text().unwrap().as_bytes().as_ptr()));
}

#[test]
fn floats_print_as_in_go() {
    for (number, expected) in [(1.0, "1"), (1.5, "1.5"), (1e21, "1e+21"), (1e-7, "1e-7"), (f64::NAN, "null")]
    {
        assert_eq!(super::text(&Value::Float(number)), expected);
    }
}

fn same(ours: &Value, reference: &serde_json::Value) -> bool {
    match (ours, reference) {
        (Value::Null, serde_json::Value::Null) => true,
        (Value::Bool(a), serde_json::Value::Bool(b)) => a == b,
        (Value::Text(a), serde_json::Value::String(b)) => **a == **b,
        (Value::Float(a), serde_json::Value::Number(b)) => {
            b.as_f64().is_some_and(|b| (a - b).abs() <= a.abs() * 1e-15)
        }
        (Value::List(a), serde_json::Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), serde_json::Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(&**name).is_some_and(|b| same(a, b)))
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn what_another_reader_takes_we_take_alike(text in "[\\[\\]{},: \\\\\"a1e.\\-0tru]{0,24}") {
        let ours = read(&text.as_str().into(), Numbers::Floats);
        if let Ok(reference) = serde_json::from_str::<serde_json::Value>(&text) {
            prop_assert!(ours.is_ok_and(|ours| same(&ours, &reference)), "{}", text);
        }
    }

    #[test]
    fn what_is_written_reads_back(text in "\\PC{0,16}", number in any::<i64>(), flag in any::<bool>()) {
        let list = Value::List(vec![Value::Text(text.as_str().into()), Value::Int(number), Value::Bool(flag)]);
        let value = Value::Map(Map::from_pairs(vec![(text.into(), list), ("".into(), Value::Null)]));
        let read = read(&super::text(&value).into(), Numbers::Whole).unwrap();
        prop_assert_eq!(read, value);
    }

    #[test]
    fn numbers_are_the_nearest_ones(whole in "-?[0-9]{1,19}", fraction in "(\\.[0-9]{1,10})?") {
        let text = whole + &fraction;
        let Ok(Value::Float(ours)) = read(&text.as_str().into(), Numbers::Floats) else { panic!("{text}") };
        prop_assert_eq!(ours.to_bits(), text.parse::<f64>().unwrap().to_bits());
        let ours = read(&text.as_str().into(), Numbers::Whole).unwrap();
        prop_assert_eq!(ours, text.parse().map_or_else(|_| Value::Float(text.parse().unwrap()), Value::Int));
    }

    #[test]
    fn strings_end_where_they_do(text in "[a\u{e9}\\PC]{0,80}", behind in "[x,]{0,9}") {
        let text: String = text.chars().filter(|c| !matches!(c, '"' | '\\')).collect();
        let line = format!("\"{text}\"{behind}").into();
        prop_assert_eq!(read_first(&line, Numbers::Whole), Ok(Value::Text(text.as_str().into())));
    }

    #[test]
    fn nothing_panics(text in ".{0,64}") {
        let _ = read(&text.as_str().into(), Numbers::Floats);
        let _ = read_flat_list(&text.into());
    }
}
