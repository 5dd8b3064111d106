//! Converters that are handed functions without a name.

use slimcol_ottleval::{
    Fault, Lambda, Unique,
    function::{Args, Call, Function, Ready, Takes, converter, may_take, takes},
    value::{Look, Value},
};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("All", [takes("source", Takes::Any), takes("predicate", Takes::Lambda)], of_items, all),
    converter!("Any", [takes("source", Takes::Any), takes("predicate", Takes::Lambda)], of_items, any),
    converter!("Filter", [takes("source", Takes::Any), takes("predicate", Takes::Lambda)], of_items, filter),
    converter!(
        "Find",
        [takes("source", Takes::Any), takes("predicate", Takes::Lambda), may_take("mapper", Takes::Lambda)],
        to_find,
        find
    ),
    converter!("MapEach", [takes("source", Takes::Any), takes("mapper", Takes::Lambda)], of_items, map_each),
    converter!(
        "MapKeys",
        [takes("source", Takes::Map), takes("key_mapper", Takes::Lambda)],
        of_items,
        map_keys
    ),
    converter!(
        "Reduce",
        [takes("source", Takes::Any), takes("seed", Takes::Any), takes("accumulator", Takes::Lambda)],
        to_reduce,
        reduce
    ),
    converter!(
        "When",
        [
            takes("condition", Takes::Lambda),
            takes("true_value", Takes::Any),
            takes("false_value", Takes::Any)
        ],
        to_choose,
        when
    ),
];

fn handed(call: &Call, at: usize, count: usize) -> Result<Ready, String> {
    call.lambda(at).map_or(Ok(()), |lambda| lambda.takes(count)).map(|()| Ready::Nothing)
}

fn of_items(call: &Call) -> Result<Ready, String> {
    handed(call, 1, 2)
}

fn to_find(call: &Call) -> Result<Ready, String> {
    handed(call, 1, 2).map_err(|text| format!("invalid predicate: {text}"))?;
    handed(call, 2, 2).map_err(|text| format!("invalid mapper: {text}"))
}

fn to_reduce(call: &Call) -> Result<Ready, String> {
    handed(call, 2, 3)
}

fn to_choose(call: &Call) -> Result<Ready, String> {
    handed(call, 0, 0)
}

fn lambda(call: &Call, at: usize) -> Result<&Lambda, Fault> {
    call.lambda(at).ok_or_else(|| Fault::new("must be a lambda expression"))
}

/// The type as Go prints it.
fn type_name(value: &Value<'_>) -> &'static str {
    if value.is_nil() { "<nil>" } else { value.look().type_name() }
}

/// That a function without a name gave something else than was `wanted`.
fn unlike(wanted: &str, value: &Value<'_>) -> Fault {
    let got = type_name(value);
    Fault::new(format!("lambda expression must return a value of type {wanted}, got {got}"))
}

fn truth(value: &Value<'_>) -> Result<bool, Fault> {
    let Look::Data(ValueRef::Bool(truth)) = value.look() else { return Err(unlike("bool", value)) };
    Ok(truth)
}

fn key(value: &Value<'_>) -> Result<String, Fault> {
    let Look::Data(ValueRef::Str(key)) = value.look() else { return Err(unlike("string", value)) };
    Ok(key.to_owned())
}

/// An item: its key or its place, and what it is.
#[derive(Clone, Copy)]
struct Item<'i> {
    key: ValueRef<'i>,
    value: ValueRef<'i>,
}

impl Item<'_> {
    /// What a function without a name gives for it, behind `before`.
    fn ask(self, before: &[Value<'_>], lambda: &Lambda, args: Args<'_>) -> Result<Value<'static>, Fault> {
        let own = [Value::Data(self.key), Value::Data(self.value)];
        match before {
            [] => lambda.call(&own, args.of),
            [first, ..] => {
                let [key, value] = own;
                lambda.call(&[first.clone(), key, value], args.of)
            }
        }
    }

    /// Why that failed.
    fn failed(self, doing: &str, fault: &Fault) -> Fault {
        let kind = if matches!(self.key, ValueRef::Str(_)) { "map" } else { "slice" };
        let (key, value) = (self.key.to_text(), self.value.to_text());
        Fault::new(format!("error while {doing} on {kind} item ({key}, {value}): {fault}"))
    }

    /// Whether it is one of those that are meant.
    fn is(self, lambda: &Lambda, args: Args<'_>) -> Result<bool, Fault> {
        let found = self.ask(&[], lambda, args).and_then(|value| truth(&value));
        found.map_err(|fault| self.failed("evaluating lambda function", &fault))
    }
}

/// What is in a list or a map.
fn items<'v>(source: &'v Value<'_>) -> Result<Vec<Item<'v>>, Fault> {
    let at = |at: usize| ValueRef::Int(i64::try_from(at).unwrap_or(i64::MAX));
    Ok(match source.look() {
        Look::Data(ValueRef::Map(map)) => {
            map.iter().map(|(key, value)| Item { key: ValueRef::Str(key), value }).collect()
        }
        Look::Data(ValueRef::Array(list)) => {
            list.iter().enumerate().map(|(place, value)| Item { key: at(place), value }).collect()
        }
        _ => {
            let name = type_name(source);
            return Err(Fault::new(format!("unsupported type provided: {name}")));
        }
    })
}

/// A list or a map as the source is, of values that there are for its items.
fn like<'v>(source: &Value<'_>, pairs: impl Iterator<Item = (ValueRef<'v>, ValueRef<'v>)>) -> Value<'static> {
    match source.look() {
        Look::Data(ValueRef::Map(_)) => {
            OwnValue::map(pairs.filter_map(|(key, value)| Some((key.as_str()?, value)))).into()
        }
        _ => OwnValue::list(pairs.map(|(_, value)| value)).into(),
    }
}

/// Whether an item is like `wanted`.
fn has(args: Args<'_>, wanted: bool) -> Result<bool, Fault> {
    let (source, lambda) = (args.value(0)?, lambda(args.call, 1)?);
    for item in items(&source)? {
        if item.is(lambda, args)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

fn all(args: Args<'_>) -> Result<Value<'_>, Fault> {
    Ok((!has(args, false)?).into())
}

fn any(args: Args<'_>) -> Result<Value<'_>, Fault> {
    Ok(has(args, true)?.into())
}

fn filter(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (source, lambda) = (args.value(0)?, lambda(args.call, 1)?);
    let mut kept = Vec::new();
    for item in items(&source)? {
        if item.is(lambda, args)? {
            kept.push((item.key, item.value));
        }
    }
    Ok(like(&source, kept.into_iter()))
}

fn find(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (source, lambda) = (args.value(0)?, lambda(args.call, 1)?);
    for item in items(&source)? {
        if !item.is(lambda, args)? {
            continue;
        }
        let Some(mapper) = args.call.lambda(2) else { return Ok(Value::Data(item.value).into_owned()) };
        return item.ask(&[], mapper, args).map_err(|fault| {
            let (key, value) = (item.key.to_text(), item.value.to_text());
            Fault::new(format!(
                "error while evaluating mapper lambda function on item ({key}, {value}): {fault}"
            ))
        });
    }
    Ok(Value::NIL)
}

fn map_each(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (source, lambda) = (args.value(0)?, lambda(args.call, 1)?);
    let mut made = Vec::new();
    for item in items(&source)? {
        let value =
            item.ask(&[], lambda, args).map_err(|fault| item.failed("evaluating lambda function", &fault))?;
        if value.data().is_none() {
            let fault = Fault::new(format!("<Invalid value type {}>", value.look().type_name()));
            return Err(item.failed("converting lambda function result", &fault));
        }
        made.push((item.key, value));
    }
    Ok(like(&source, made.iter().filter_map(|(key, value)| Some((*key, value.data()?)))))
}

/// Of keys that become the same the last value counts.
fn map_keys(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (source, lambda) = (args.value(0)?, lambda(args.call, 1)?);
    slimcol_ottleval::function::map_of(&source)?;
    let mut made: Unique<String, ValueRef<'_>> = Unique::default();
    for item in items(&source)? {
        let key = item.ask(&[], lambda, args).and_then(|value| key(&value));
        made.put(key.map_err(|fault| item.failed("evaluating lambda function", &fault))?, item.value);
    }
    Ok(OwnValue::map(made.iter().map(|(key, value)| (key.as_str(), *value))).into())
}

fn reduce(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (source, lambda) = (args.value(0)?, lambda(args.call, 2)?);
    let mut sum = args.value(1)?.into_owned();
    for item in items(&source)? {
        sum = item
            .ask(&[sum], lambda, args)
            .map_err(|fault| item.failed("evaluating accumulator function", &fault))?;
        if sum.data().map_or(0, ValueRef::byte_len) > MOST {
            let fault = Fault::new("the result is longer than 16 MiB");
            return Err(item.failed("evaluating accumulator function", &fault));
        }
    }
    Ok(sum)
}

/// So long may become what is handed on: an accumulator that doubles it would never end.
const MOST: usize = 16 << 20;

fn when(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let held = lambda(args.call, 0)?.call(&[], args.of).and_then(|value| truth(&value));
    let held =
        held.map_err(|fault| Fault::new(format!("error while evaluating lambda function: {fault}")))?;
    args.value(if held { 1 } else { 2 })
}
