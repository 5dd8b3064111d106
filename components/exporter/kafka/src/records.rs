//! What records a payload becomes, and which topics they go to.

use std::num::NonZeroUsize;

use bytes::Bytes;
use slimcol_kafka::{Producer, Record};
use slimcol_pdata::{Data, Signal, view::ValueRef};
use slimcol_service::{Client, Payload};

use crate::{
    config::{Config, Key},
    encoding::{Encoding, Value},
    hash::hash,
};

/// A topic and why nothing can be written for it.
type Unwritable = (String, slimcol_zipkin::Error);

/// The records of a payload, each with its topic.
pub(crate) fn records(
    config: &Config,
    encoding: Encoding,
    producer: &Producer,
    payload: Payload,
) -> Result<Vec<(String, Record)>, Unwritable> {
    let Payload { data, client } = payload;
    let signal = config.of(data.signal());
    let known = |key: &str| client.metadata(key).first().filter(|value| !value.is_empty());
    let headers = headers(config, &client);
    let key = known(&signal.message_key_from_metadata_key).map(|key| Bytes::copy_from_slice(key.as_bytes()));
    let mut records = Vec::new();
    for (own, data) in by_key(config.keys.of(data.signal()), data) {
        let key = own.or_else(|| key.clone());
        for (topic, data) in by_topic(config, &client, data) {
            let record = |value: Value| {
                let key = key.clone().or(value.key);
                Record { key, value: value.pieces, headers: headers.clone() }
            };
            write(encoding, producer, data, &record, &mut |record| records.push((topic.clone(), record)))
                .map_err(|error| (topic.clone(), error))?;
        }
    }
    Ok(records)
}

/// The telemetry by what it has in common, and the key that this makes.
fn by_key(key: Key, data: Data) -> Vec<(Option<Bytes>, Data)> {
    match key {
        Key::None => vec![(None, data)],
        Key::Resource => data
            .group_by_resource(|resource| hash(resource.attributes()))
            .into_iter()
            .map(|(hash, data)| (Some(Bytes::copy_from_slice(&hash)), data))
            .collect(),
        Key::Trace => {
            let traces = data.signal() == Signal::Traces;
            data.split_by_trace()
                .into_iter()
                .map(|(trace, data)| {
                    // Spans without a trace have an empty key, logs none, as in Go.
                    let text = if trace == [0; 16] { String::new() } else { hex(trace) };
                    ((traces || !text.is_empty()).then(|| text.into()), data)
                })
                .collect()
        }
    }
}

fn hex(id: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(id))
}

/// The telemetry by the topic it goes to: what the sender says, what its resource says, what the configuration says.
fn by_topic(config: &Config, client: &Client, data: Data) -> Vec<(String, Data)> {
    let signal = config.of(data.signal());
    if let Some(topic) = client.metadata(&signal.topic_from_metadata_key).first() {
        return vec![(topic.clone(), data)];
    }
    let attribute = &config.topic_from_attribute;
    if attribute.is_empty() {
        return vec![(signal.topic.clone(), data)];
    }
    data.group_by_resource(|resource| {
        let topic = resource.attributes().get(attribute).and_then(ValueRef::as_str);
        topic.filter(|topic| !topic.is_empty()).unwrap_or(&signal.topic).to_owned()
    })
}

/// The headers of each record: those of the configuration, and what the sender sent.
fn headers(config: &Config, client: &Client) -> Vec<(String, Bytes)> {
    let bytes = |text: &str| Bytes::copy_from_slice(text.as_bytes());
    let own = config.record_headers.0.iter().map(|(name, value)| (name.clone(), bytes(value.reveal())));
    let keys = config.include_metadata_keys.iter();
    let senders = keys.flat_map(|key| client.metadata(key).iter().map(|value| (key.clone(), bytes(value))));
    own.chain(senders).collect()
}

/// Writes `data`, in halves of halves if it would be larger than a record may be.
fn write(
    encoding: Encoding,
    producer: &Producer,
    data: Data,
    record: &impl Fn(Value) -> Record,
    to: &mut impl FnMut(Record),
) -> Result<(), slimcol_zipkin::Error> {
    let items = data.items();
    let mut values = encoding.write(&data)?;
    if items > 1
        && values.len() == 1
        && let Some(value) = values.pop()
    {
        let whole = record(value);
        if producer.fits(&whole) {
            to(whole);
            return Ok(());
        }
        drop(whole);
        let half = NonZeroUsize::new(items.div_ceil(2)).unwrap_or(NonZeroUsize::MIN);
        for part in data.split_items(half) {
            write(encoding, producer, part, record, to)?;
        }
        return Ok(());
    }
    values.into_iter().map(record).for_each(to);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_what_telemetry_has_in_common() {
        let one = "000102030405060708090a0b0c0d0e0f";
        let logs = format!(
            r#"{{"resourceLogs":[{{"resource":{{"attributes":[{{"key":"service.name","value":{{"stringValue":"shop"}}}}]}},
                "scopeLogs":[{{"logRecords":[{{"traceId":"{one}"}},{{}},{{"traceId":"{one}"}}]}}]}},{{"scopeLogs":[{{"logRecords":[{{}}]}}]}}]}}"#
        );
        let spans = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"0000000000000001"}]}]}]}"#;
        let keys = |key, signal, json: &str| -> Vec<(Option<Bytes>, usize)> {
            let data = Data::from_json(signal, json.as_bytes()).unwrap();
            by_key(key, data).into_iter().map(|(key, data)| (key, data.items())).collect()
        };
        assert_eq!(keys(Key::None, Signal::Logs, &logs), [(None, 4)]);
        assert_eq!(keys(Key::Trace, Signal::Logs, &logs), [(Some(one.into()), 2), (None, 1), (None, 1)]);
        assert_eq!(keys(Key::Trace, Signal::Traces, spans), [(Some(Bytes::new()), 1)]);
        let by_resource = keys(Key::Resource, Signal::Logs, &logs);
        assert_eq!(
            by_resource.iter().map(|(key, items)| (key.as_ref().unwrap().len(), *items)).collect::<Vec<_>>(),
            [(16, 3), (16, 1)]
        );
        assert_eq!(by_resource[1].0, Some(Bytes::from_static(&[0; 16])));
    }
}
