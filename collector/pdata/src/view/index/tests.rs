use proptest::prelude::*;

use super::Index;
use crate::{
    Logs,
    edit::{Copied, LogRecordMut, ShortPair},
    numbers::LogRecord as Numbers,
    view::{LogRecordRef, Text, ValueRef, View},
};

/// What is done to a record, with an index that is told of it.
#[derive(Clone, Debug)]
enum Step {
    Put(u8, String),
    Number(u8, i64),
    Bool(u8, bool),
    Copy(u8, u8),
    Elsewhere(u8, u8),
    Pair(u8, String),
    Remove(u8),
    Severity(i32),
    Text(String),
    Time(u64),
    Body(i64),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..6_u8, "[a-c]{0,3}|x{120,140}").prop_map(|(key, text)| Step::Put(key, text)),
        2 => (0..6_u8, prop_oneof![0..20_000_i64, any::<i64>()]).prop_map(|(key, value)| Step::Number(key, value)),
        1 => (0..6_u8, any::<bool>()).prop_map(|(key, value)| Step::Bool(key, value)),
        1 => (0..6_u8, 0..6_u8).prop_map(|(from, to)| Step::Copy(from, to)),
        1 => (0..6_u8, 0..6_u8).prop_map(|(from, to)| Step::Elsewhere(from, to)),
        1 => (0..6_u8, "[a-c]{0,3}|x{120,140}").prop_map(|(key, text)| Step::Pair(key, text)),
        2 => (0..6_u8).prop_map(Step::Remove),
        1 => any::<i32>().prop_map(Step::Severity),
        1 => "[a-z]{0,200}".prop_map(Step::Text),
        1 => any::<u64>().prop_map(Step::Time),
        1 => any::<i64>().prop_map(Step::Body),
        1 => Just(Step::Clear),
    ]
}

fn key(key: u8) -> String {
    ["", "a", "bb", "a.long.key.of.some.sort", "b", "c"][usize::from(key)].to_owned()
}

fn apply(record: &mut LogRecordMut<'_>, index: &mut Index, step: &Step) {
    match step {
        Step::Put(at, text) => put(record, index, *at, ValueRef::Str(text)),
        Step::Number(at, value) => put(record, index, *at, ValueRef::Int(*value)),
        Step::Bool(at, value) => put(record, index, *at, ValueRef::Bool(*value)),
        Step::Copy(from, to) => {
            let text = text_of(record, *from);
            let was = shown(record);
            let there = record.view().attributes().get(&key(*from)).is_some();
            let copied = record.attributes_mut().copy_at(index, &key(*from), &key(*to));
            assert!(copied != Copied::Absent || !there);
            let done = copied == Copied::Done;
            added(record, was, *to, text.filter(|_| done));
        }
        Step::Elsewhere(from, to) => {
            let other = record.view().encoded().to_vec();
            let text = text_of(record, *from);
            let was = shown(record);
            let mut done = false;
            if let Text::Short(text) = Index::new(Numbers::attributes).text(&other, &key(*from)) {
                done = record.attributes_mut().append_at(index, &key(*to), text);
            }
            added(record, was, *to, text.filter(|_| done));
        }
        Step::Pair(at, text) => {
            let was = shown(record);
            let pair = ShortPair::of(&key(*at), ValueRef::Str(text));
            assert_eq!(pair.is_some(), key(*at).len() + text.len() < 122);
            let there = record.view().attributes().get(&key(*at)).is_some();
            let done =
                pair.is_some_and(|pair| record.attributes_mut().append_pair_at(index, &key(*at), &pair));
            assert!(!done || !there);
            added(record, was, *at, done.then(|| text.clone()));
        }
        Step::Remove(at) => {
            let there = record.view().attributes().get(&key(*at)).is_some();
            assert_eq!(record.attributes_mut().remove_at(index, &key(*at)), there);
        }
        Step::Severity(number) => {
            record.knowing(index, Numbers::severity_number).set_severity_number(*number);
            index.set(record.view().encoded(), Numbers::severity_number);
        }
        Step::Text(text) => {
            record.knowing(index, Numbers::severity_text).set_severity_text(text);
            index.set(record.view().encoded(), Numbers::severity_text);
        }
        Step::Time(time) => {
            record.set_time_unix_nano(*time);
            index.set(record.view().encoded(), Numbers::time_unix_nano);
        }
        Step::Body(value) => {
            record.knowing(index, Numbers::body).body_mut().set(*value);
            index.set(record.view().encoded(), Numbers::body);
        }
        Step::Clear => {
            record.attributes_mut().clear();
            index.forget();
        }
    }
}

/// The text that an attribute is.
fn text_of(record: &LogRecordMut<'_>, at: u8) -> Option<String> {
    Some(record.view().attributes().get(&key(at))?.as_str()?.to_owned())
}

fn shown(record: &LogRecordMut<'_>) -> Vec<(String, String)> {
    let all = record.view().attributes().iter();
    all.map(|(key, value)| (key.to_owned(), value.to_text().into_owned())).collect()
}

/// To what `was` there, nothing but `text` was added.
fn added(record: &LogRecordMut<'_>, mut was: Vec<(String, String)>, at: u8, text: Option<String>) {
    if let Some(text) = text {
        assert!(was.iter().all(|(own, _)| *own != key(at)));
        was.push((key(at), text));
    }
    assert_eq!(shown(record), was);
}

/// Puts an attribute with the index and without, which comes to the same.
fn put(record: &mut LogRecordMut<'_>, index: &mut Index, at: u8, value: ValueRef<'_>) {
    let key = key(at);
    let mut plain = shown(record);
    let text = value.to_text().into_owned();
    match plain.iter_mut().find(|(own, _)| *own == key) {
        Some((_, value)) => *value = text,
        None => plain.push((key.clone(), text)),
    }
    record.attributes_mut().insert_at(index, &key, value);
    assert_eq!(shown(record), plain);
}

/// Every field and attribute, as the index finds it and as the record has it.
fn agree(record: LogRecordRef<'_>, index: &mut Index) {
    for _ in 0..2 {
        for at in 0..6 {
            let show = |value: Option<ValueRef<'_>>| value.map(|value| value.to_text().into_owned());
            let found = index.attribute(record.encoded(), &key(at));
            assert_eq!(show(found), show(record.attributes().get(&key(at))));
        }
        let view = |index: &mut Index, number| LogRecordRef::of(index.narrow(record.encoded(), number));
        assert_eq!(view(index, Numbers::severity_number).severity_number(), record.severity_number());
        assert_eq!(view(index, Numbers::severity_text).severity_text(), record.severity_text());
        assert_eq!(view(index, Numbers::time_unix_nano).time_unix_nano(), record.time_unix_nano());
        assert_eq!(view(index, Numbers::event_name).event_name(), record.event_name());
        assert_eq!(view(index, Numbers::body).body().to_text(), record.body().to_text());
        let (count, longest) = index.extent(record.encoded());
        assert_eq!(count, record.attributes().len());
        assert!(
            record.attributes().all_within(longest)
                && (longest < 8 || !record.attributes().all_within(longest - 8))
        );
    }
}

proptest! {
    #[test]
    fn finds_what_is_there(steps in proptest::collection::vec(step(), 0..24)) {
        let json = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityText":"INFO","eventName":"e","attributes":[
            {"key":"a","value":{"stringValue":"1"}},{"key":"bb","value":{"boolValue":true}},{"key":"c"}],
            "body":{"stringValue":"text"},"severityNumber":9}]}]}]}"#;
        Logs::from_json(json.as_bytes()).unwrap().edit(|tree| {
            let mut entry = tree.entries_mut().next().unwrap();
            let mut scope = entry.scopes_mut().next().unwrap();
            let mut record = scope.log_records_mut().next().unwrap();
            let mut index = Index::new(Numbers::attributes);
            agree(record.view(), &mut index);
            for step in &steps {
                apply(&mut record, &mut index, step);
                agree(record.view(), &mut index);
            }
        });
    }
}
