//! OTLP requests of realistic shape and size, the same for the same seed: what benchmarks send and tests count.

use bytes::Bytes;

/// 2025-10-09, in nanoseconds.
const START: u64 = 1_760_000_000_000_000_000;

/// A request of one resource and one scope with `n` spans of about 320 bytes and 7 attributes each.
#[must_use]
pub fn traces(seed: u64, n: usize) -> Bytes {
    let mut r = Random(seed.wrapping_mul(7919).wrapping_add(1));
    let resource = resource(&mut r);
    let spans = (0..n).map(|i| span(&mut r, i)).collect::<Vec<_>>();
    request(&resource, &spans)
}

/// A request of one resource and one scope with `n` log records of about 230 bytes and 3 attributes each.
#[must_use]
pub fn logs(seed: u64, n: usize) -> Bytes {
    let mut r = Random(seed.wrapping_mul(104_729).wrapping_add(1));
    let resource = resource(&mut r);
    let records = (0..n).map(|_| log_record(&mut r)).collect::<Vec<_>>();
    request(&resource, &records)
}

/// A request of one resource and one scope with monotonic sums of ten points each, `n` points in all (rounded up to tens),
/// of about 75 bytes and 2 attributes each.
#[must_use]
pub fn metrics(seed: u64, n: usize) -> Bytes {
    let mut r = Random(seed.wrapping_mul(15_485_863).wrapping_add(1));
    let resource = resource(&mut r);
    let metrics = (0..n.div_ceil(10)).map(|i| sum(&mut r, i)).collect::<Vec<_>>();
    request(&resource, &metrics)
}

fn span(r: &mut Random, i: usize) -> Message {
    let start = START + r.below(1 << 40);
    let mut attributes = Message::default();
    attributes.text_attribute(9, "http.request.method", "GET");
    attributes.text_attribute(9, "url.path", &format!("/api/items/{}", r.below(100_000)));
    attributes.int_attribute(9, "http.response.status_code", 200);
    attributes.text_attribute(9, "server.address", &format!("shop-{}.example.com", r.below(9)));
    attributes.int_attribute(9, "server.port", 8443);
    attributes.text_attribute(9, "user_agent.original", "Mozilla/5.0");
    attributes.text_attribute(9, "net.peer.ip", &format!("10.1.{}.{}", r.below(255), r.below(255)));
    let mut span = Message::default();
    span.bytes(1, &r.trace_id());
    span.bytes(2, &r.span_id());
    span.bytes(4, &r.span_id());
    span.bytes(5, format!("GET /api/v{}/items/{{id}}", r.below(4)).as_bytes());
    span.varint(6, 1 + i as u64 % 5);
    span.fixed64(7, start);
    span.fixed64(8, start + r.below(1 << 30));
    span.0.extend_from_slice(&attributes.0);
    span.bytes(15, &[0x18, 1]); // a status of code 1, Ok
    span.key(16, 5);
    span.0.extend_from_slice(&1_u32.to_le_bytes());
    span
}

fn log_record(r: &mut Random) -> Message {
    let time = START + r.below(1 << 40);
    let text = format!(
        "request handled path=/api/items/{} status=200 duration={}ms user={:08x}",
        r.below(100_000),
        r.below(5000),
        r.next() & 0xffff_ffff
    );
    let mut body = Message::default();
    body.bytes(1, text.as_bytes());
    let mut record = Message::default();
    record.fixed64(1, time);
    record.varint(2, 9);
    record.bytes(3, b"INFO");
    record.bytes(5, &body.0);
    record.text_attribute(6, "logger.name", "com.example.shop.Handler");
    record.text_attribute(6, "thread.name", &format!("worker-{}", r.below(64)));
    record.int_attribute(6, "http.status", 200);
    record.bytes(9, &r.trace_id());
    record.bytes(10, &r.span_id());
    record.fixed64(11, time + 1000);
    record
}

fn sum(r: &mut Random, i: usize) -> Message {
    let mut data = Message::default();
    for _ in 0..10 {
        let mut point = Message::default();
        let route = format!("/api/{}", r.below(50));
        point.fixed64(2, START);
        point.fixed64(3, START + r.below(1 << 40));
        // Whole numbers below 2^20, which a double holds exactly.
        let value = u32::try_from(r.below(1 << 20)).map_or(0.0, f64::from);
        point.fixed64(4, value.to_bits());
        point.text_attribute(7, "http.route", &route);
        point.text_attribute(7, "method", "GET");
        data.bytes(1, &point.0);
    }
    data.varint(2, 2);
    data.varint(3, 1);
    let mut metric = Message::default();
    metric.bytes(1, format!("http.server.request.duration.{i}").as_bytes());
    metric.bytes(3, b"s");
    metric.bytes(7, &data.0);
    metric
}

fn resource(r: &mut Random) -> Message {
    let mut resource = Message::default();
    resource.text_attribute(1, "service.name", &format!("svc-{}", r.below(20)));
    resource.text_attribute(1, "service.instance.id", &format!("{:016x}{:016x}", r.next(), r.next()));
    resource.text_attribute(1, "k8s.pod.uid", &format!("{:016x}-{:012x}", r.next(), r.next() >> 16));
    resource.text_attribute(1, "k8s.namespace.name", "production");
    resource.text_attribute(1, "host.name", &format!("ip-10-0-{}-{}", r.below(255), r.below(255)));
    resource.text_attribute(1, "telemetry.sdk.language", "go");
    resource
}

fn request(resource: &Message, records: &[Message]) -> Bytes {
    let mut scope = Message::default();
    scope.bytes(1, b"io.opentelemetry.contrib.http");
    scope.bytes(2, b"1.2.3");
    let mut scope_entry = Message::default();
    scope_entry.bytes(1, &scope.0);
    for record in records {
        scope_entry.bytes(2, &record.0);
    }
    let mut resource_entry = Message::default();
    resource_entry.bytes(1, &resource.0);
    resource_entry.bytes(2, &scope_entry.0);
    let mut request = Message::default();
    request.bytes(1, &resource_entry.0);
    request.0.into()
}

/// A protobuf message in the making. Tests must not build requests with the code that they test, so it writes for itself.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn raw_varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.0.push((value & 0x7f) as u8);
    }

    fn key(&mut self, number: u64, wire: u64) {
        self.raw_varint(number << 3 | wire);
    }

    fn varint(&mut self, number: u64, value: u64) {
        self.key(number, 0);
        self.raw_varint(value);
    }

    fn fixed64(&mut self, number: u64, value: u64) {
        self.key(number, 1);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn bytes(&mut self, number: u64, value: &[u8]) {
        self.key(number, 2);
        self.raw_varint(value.len() as u64);
        self.0.extend_from_slice(value);
    }

    fn text_attribute(&mut self, number: u64, key: &str, value: &str) {
        let mut any = Self::default();
        any.bytes(1, value.as_bytes());
        self.attribute(number, key, &any);
    }

    fn int_attribute(&mut self, number: u64, key: &str, value: u64) {
        let mut any = Self::default();
        any.varint(3, value);
        self.attribute(number, key, &any);
    }

    fn attribute(&mut self, number: u64, key: &str, any: &Self) {
        let mut attribute = Self::default();
        attribute.bytes(1, key.as_bytes());
        attribute.bytes(2, &any.0);
        self.bytes(number, &attribute.0);
    }
}

/// Xorshift: repeatable, and random enough that requests do not compress to nothing.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        let x = &mut self.0;
        *x ^= *x << 13;
        *x ^= *x >> 7;
        *x ^= *x << 17;
        *x
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn span_id(&mut self) -> [u8; 8] {
        self.next().to_be_bytes()
    }

    fn trace_id(&mut self) -> [u8; 16] {
        let (high, low) = (u128::from(self.next()), u128::from(self.next()));
        (high << 64 | low).to_be_bytes()
    }
}

#[cfg(test)]
mod tests {
    use slimcol_pdata::{Data, Signal};

    use super::{logs, metrics, traces};

    #[test]
    fn generates_what_it_says() {
        for (signal, request, items, kib) in [
            (Signal::Traces, traces(7, 100), 100, 32),
            (Signal::Logs, logs(7, 1000), 1000, 225),
            (Signal::Metrics, metrics(7, 500), 500, 38),
        ] {
            assert_eq!(request.len().div_ceil(1024), kib, "{signal}");
            assert_eq!(Data::from_bytes(signal, request).unwrap().items(), items);
        }
        assert_eq!(traces(3, 10), traces(3, 10));
        assert_ne!(traces(3, 10), traces(4, 10));
    }
}
