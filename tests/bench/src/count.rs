//! Counts the items of an OTLP request without looking inside them.

use slimcol_pdata::Signal;

/// Spans, log records or data points of an export request, or `None` if its framing is broken.
///
/// It shares no code with the collectors, whose counts it is there to check, and reads only the lengths that lead to the
/// items, for it runs on the processors of the collector it measures.
pub fn count(signal: Signal, request: &[u8]) -> Option<u64> {
    let mut items = 0;
    for resource in Fields(request) {
        let Field(1, Some(resource)) = resource? else { continue };
        for scope in Fields(resource) {
            let Field(2, Some(scope)) = scope? else { continue };
            for item in Fields(scope) {
                let Field(2, Some(item)) = item? else { continue };
                items += if signal == Signal::Metrics { points(item)? } else { 1 };
            }
        }
    }
    Some(items)
}

/// Data points of one `Metric`: field 1 of whichever of gauge, sum, histogram, exponential histogram and summary it holds.
fn points(metric: &[u8]) -> Option<u64> {
    let mut points = 0;
    for data in Fields(metric) {
        let Field(5 | 7 | 9 | 10 | 11, Some(data)) = data? else { continue };
        for point in Fields(data) {
            points += u64::from(matches!(point?, Field(1, Some(_))));
        }
    }
    Some(points)
}

/// A field's number, and its bytes if it is length-delimited.
struct Field<'a>(u64, Option<&'a [u8]>);

/// The fields of a message; `None` for the first that is broken, then nothing.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Option<Field<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<Field<'a>> {
        let key = self.varint()?;
        let bytes = match key & 7 {
            0 => {
                self.varint()?;
                None
            }
            1 => {
                self.take(8)?;
                None
            }
            2 => {
                let length = usize::try_from(self.varint()?).ok()?;
                Some(self.take(length)?)
            }
            5 => {
                self.take(4)?;
                None
            }
            _ => return None,
        };
        Some(Field(key >> 3, bytes))
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(length)?;
        self.0 = tail;
        Some(head)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for (index, byte) in self.0.iter().enumerate().take(10) {
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                self.0 = &self.0[index + 1..];
                return Some(value);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use slimcol_pdata::Signal;

    use super::count;

    /// A length-delimited field.
    fn field(number: u8, body: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, u8::try_from(body.len()).unwrap()], body].concat()
    }

    fn request(item: &[u8], times: usize) -> Vec<u8> {
        let scope = field(2, item).repeat(times);
        let resource = [field(1, b""), field(2, &scope), field(2, &scope)].concat();
        field(1, &resource)
    }

    #[test]
    fn items_of_all_scopes_count() {
        let request = request(b"", 3).repeat(2);
        assert_eq!(count(Signal::Traces, &request), Some(12));
        assert_eq!(count(Signal::Logs, &request), Some(12));
        assert_eq!(count(Signal::Metrics, &request), Some(0));
    }

    #[test]
    fn points_of_every_kind_count() {
        for kind in [5, 7, 9, 10, 11] {
            let data = [field(1, b"x"), vec![0x10, 0x02], field(1, b"")].concat();
            let metric = [field(1, b"name"), field(kind, &data)].concat();
            assert_eq!(count(Signal::Metrics, &request(&metric, 1)), Some(4), "kind {kind}");
        }
    }

    #[test]
    fn broken_framing_is_told() {
        for bytes in [&[0x0a][..], &[0x0a, 0x05, 0x00], &[0x0b], &[0x09, 0x00], &[0xff; 12]] {
            assert_eq!(count(Signal::Traces, bytes), None, "{bytes:?}");
        }
        assert_eq!(count(Signal::Traces, &[]), Some(0));
    }
}
