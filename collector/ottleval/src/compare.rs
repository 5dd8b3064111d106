//! Comparing values by OTTL's rules: what is of different types is unequal, and never an error.

use std::{cmp::Ordering, collections::HashMap, fmt};

use slimcol_pdata::view::{Attributes, ValueRef};

use crate::value::{Look, float};

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// They are the same.
    Eq,
    /// They are not the same.
    Ne,
    /// The first is less.
    Lt,
    /// The first is not more.
    Le,
    /// The first is not less.
    Ge,
    /// The first is more.
    Gt,
}

impl fmt::Display for Compare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Ge => ">=",
            Self::Gt => ">",
        })
    }
}

impl Look<'_> {
    /// Whether both are the same to the language.
    pub fn equals(self, other: Look<'_>) -> bool {
        compare(self, other, Compare::Eq)
    }
}

/// Whether `a` is to `b` as `how` says.
pub fn compare(a: Look<'_>, b: Look<'_>, how: Compare) -> bool {
    match (a, b) {
        (Look::Data(a), Look::Data(b)) => data(a, b, how),
        (Look::Time(a), Look::Time(b)) => ordered(a.cmp(&b), how),
        (Look::Duration(a), Look::Duration(b)) => ordered(a.cmp(&b), how),
        (Look::TraceId(a), Look::TraceId(b)) => equality(a == b, how),
        (Look::SpanId(a), Look::SpanId(b)) => equality(a == b, how),
        _ => how == Compare::Ne,
    }
}

fn data(a: ValueRef<'_>, b: ValueRef<'_>, how: Compare) -> bool {
    match (a, b) {
        (ValueRef::Str(a), ValueRef::Str(b)) => ordered(a.cmp(b), how),
        (ValueRef::Int(a), ValueRef::Int(b)) => ordered(a.cmp(&b), how),
        (ValueRef::Int(a), ValueRef::Double(b)) => floats(float(a), b, how),
        (ValueRef::Double(a), ValueRef::Int(b)) => floats(a, float(b), how),
        (ValueRef::Double(a), ValueRef::Double(b)) => floats(a, b, how),
        (ValueRef::Bool(a), ValueRef::Bool(b)) => ordered(a.cmp(&b), how),
        // No bytes are no value.
        (ValueRef::Empty | ValueRef::Bytes([]), ValueRef::Empty | ValueRef::Bytes([])) => {
            ordered(Ordering::Equal, how)
        }
        (ValueRef::Bytes(a @ [_, ..]), ValueRef::Bytes(b @ [_, ..])) => ordered(a.cmp(b), how),
        (ValueRef::Map(_), ValueRef::Map(_)) | (ValueRef::Array(_), ValueRef::Array(_)) => {
            equality(same(a, b), how)
        }
        _ => how == Compare::Ne,
    }
}

#[inline]
pub(crate) fn ordered(order: Ordering, how: Compare) -> bool {
    match how {
        Compare::Eq => order.is_eq(),
        Compare::Ne => order.is_ne(),
        Compare::Lt => order.is_lt(),
        Compare::Le => order.is_le(),
        Compare::Ge => order.is_ge(),
        Compare::Gt => order.is_gt(),
    }
}

#[expect(clippy::float_cmp, reason = "the language compares exactly")]
fn floats(a: f64, b: f64, how: Compare) -> bool {
    match how {
        Compare::Eq => a == b,
        Compare::Ne => a != b,
        Compare::Lt => a < b,
        Compare::Le => a <= b,
        Compare::Ge => a >= b,
        Compare::Gt => a > b,
    }
}

/// For what has no order.
fn equality(equal: bool, how: Compare) -> bool {
    match how {
        Compare::Eq => equal,
        Compare::Ne => !equal,
        _ => false,
    }
}

/// Whether two values are the same to the last: whole numbers and floats never are, the order of a map does not matter.
#[expect(clippy::float_cmp, reason = "the language compares exactly")]
fn same(a: ValueRef<'_>, b: ValueRef<'_>) -> bool {
    match (a, b) {
        (ValueRef::Empty, ValueRef::Empty) => true,
        (ValueRef::Str(a), ValueRef::Str(b)) => a == b,
        (ValueRef::Bool(a), ValueRef::Bool(b)) => a == b,
        (ValueRef::Int(a), ValueRef::Int(b)) => a == b,
        (ValueRef::Double(a), ValueRef::Double(b)) => a == b,
        (ValueRef::Bytes(a), ValueRef::Bytes(b)) => a == b,
        (ValueRef::Array(a), ValueRef::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
        }
        (ValueRef::Map(a), ValueRef::Map(b)) => maps(a, b),
        _ => false,
    }
}

/// Above so many entries a map is looked up by hash, so that hostile ones do not take quadratic time.
const FEW: usize = 16;

fn maps(a: Attributes<'_>, b: Attributes<'_>) -> bool {
    let count = a.len();
    if count != b.len() {
        return false;
    }
    if count <= FEW {
        return a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)));
    }
    let others: HashMap<&str, ValueRef<'_>> = b.iter().collect();
    a.iter().all(|(key, value)| others.get(key).is_some_and(|other| same(value, *other)))
}

#[cfg(test)]
mod tests {
    use slimcol_pdata::{edit::OwnValue, view::ValueRef};

    use super::{Compare, compare};
    use crate::value::Value;

    /// The operators that hold of `a` and `b`, of all six.
    fn holding(a: &Value<'_>, b: &Value<'_>) -> String {
        let all = [Compare::Eq, Compare::Ne, Compare::Lt, Compare::Le, Compare::Ge, Compare::Gt];
        let holding: Vec<_> = all
            .into_iter()
            .filter(|how| compare(a.look(), b.look(), *how))
            .map(|how| how.to_string())
            .collect();
        holding.join(" ")
    }

    #[test]
    fn the_table() {
        const EQUAL: &str = "== <= >=";
        const LESS: &str = "!= < <=";
        const MORE: &str = "!= >= >";
        const MIXED: &str = "!=";
        let bytes = |bytes| Value::Data(ValueRef::Bytes(bytes));
        let list =
            |values: &[i64]| Value::Made(OwnValue::list(values.iter().map(|value| ValueRef::Int(*value))));
        let map = |keys: &[&'static str]| {
            Value::Made(OwnValue::map(keys.iter().map(|key| (*key, ValueRef::Str("v")))))
        };
        let many = |reversed: bool| {
            let mut keys: Vec<_> = (0..40).map(|key| key.to_string()).collect();
            if reversed {
                keys.reverse();
            }
            Value::Made(OwnValue::map(keys.iter().map(|key| (key.as_str(), ValueRef::Bool(true)))))
        };
        for (a, b, want) in [
            (true.into(), true.into(), EQUAL),
            (false.into(), true.into(), LESS),
            (2_i64.into(), 1_i64.into(), MORE),
            (1_i64.into(), 1.0.into(), EQUAL),
            (1.5.into(), 1_i64.into(), MORE),
            (f64::NAN.into(), f64::NAN.into(), MIXED),
            ("a".into(), "b".into(), LESS),
            ("a".into(), Value::Text("a".to_owned()), EQUAL),
            (bytes(&[1]), bytes(&[1, 0]), LESS),
            (bytes(&[]), bytes(&[]), EQUAL),
            (bytes(&[]), Value::NIL, EQUAL),
            (Value::NIL, bytes(&[1]), MIXED),
            (bytes(&[1]), bytes(&[]), MIXED),
            (Value::NIL, Value::NIL, EQUAL),
            (Value::NIL, "".into(), MIXED),
            ("1".into(), 1_i64.into(), MIXED),
            (true.into(), 1_i64.into(), MIXED),
            (Value::Time(1), Value::Time(2), LESS),
            (Value::Duration(2), Value::Duration(2), EQUAL),
            (Value::Duration(2), 2_i64.into(), MIXED),
            (Value::Time(2), 2_i64.into(), MIXED),
            (Value::TraceId([1; 16]), Value::TraceId([1; 16]), "=="),
            (Value::SpanId([1; 8]), Value::SpanId([2; 8]), MIXED),
            (Value::SpanId([0; 8]), Value::NIL, MIXED),
            (list(&[1, 2]), list(&[1, 2]), "=="),
            (list(&[1, 2]), list(&[2, 1]), MIXED),
            (list(&[]), Value::NIL, MIXED),
            (map(&["a", "b"]), map(&["b", "a"]), "=="),
            (map(&["a", "b"]), map(&["a", "c"]), MIXED),
            (map(&["a"]), map(&["a", "b"]), MIXED),
            (many(false), many(true), "=="),
            (map(&["a"]), list(&[1]), MIXED),
        ] {
            assert_eq!(holding(&a, &b), want, "{a:?} {b:?}");
        }
    }
}
