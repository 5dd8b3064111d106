//! Functions of lists.

use slimcol_expreval::{List, Meter, Value, equal, sorted, text_of};

type Outcome<'a> = Result<Value<'a>, String>;

fn list<'v, 'a>(what: &str, value: &'v Value<'a>) -> Result<&'v List<'a>, String> {
    match value {
        Value::List(list) => Ok(list),
        other => Err(format!("cannot {what} {}", other.kind_name())),
    }
}

fn make<'a>(items: Vec<Value<'a>>, meter: &mut Meter) -> Outcome<'a> {
    meter.items(items.len())?;
    List::new(items).map(Value::List)
}

/// Go gives nothing for what has no first item.
#[expect(clippy::unnecessary_wraps, reason = "all functions have one shape")]
pub(super) fn first<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    Ok(list("", &args[0]).map_or(Value::Nil, |list| list.get(0)))
}

#[expect(clippy::unnecessary_wraps, reason = "all functions have one shape")]
pub(super) fn last<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    Ok(list("", &args[0]).map_or(Value::Nil, |list| list.get(list.len().wrapping_sub(1))))
}

pub(super) fn take<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let list = list("take from", &args[0])?;
    let Value::Int(count) = args[1] else {
        return Err(format!("cannot take {} elements", args[1].kind_name()));
    };
    let count = usize::try_from(count).map_err(|_| "reflect.Value.Slice: slice index out of bounds")?;
    make(list.iter().take(count).collect(), meter)
}

pub(super) fn reverse<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let mut items: Vec<_> = list("reverse", &args[0])?.iter().collect();
    items.reverse();
    make(items, meter)
}

pub(super) fn uniq<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let mut kept: Vec<Value<'a>> = Vec::new();
    for item in list("uniq", &args[0])?.iter() {
        meter.steps(1 + kept.len())?;
        let mut there = false;
        for known in &kept {
            there = there || equal(known, &item, meter)?;
        }
        if !there {
            kept.push(item);
        }
    }
    make(kept, meter)
}

pub(super) fn concat<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let mut all = Vec::new();
    for value in args {
        let list = list("concat", value)?;
        meter.items(list.len())?;
        all.extend(list.iter());
    }
    List::new(all).map(Value::List)
}

pub(super) fn flatten<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    fn into<'a>(list: &List<'a>, all: &mut Vec<Value<'a>>, meter: &mut Meter) -> Result<(), String> {
        for item in list.iter() {
            meter.step()?;
            match item {
                Value::List(inner) => into(&inner, all, meter)?,
                item => all.push(item),
            }
        }
        Ok(())
    }
    let mut all = Vec::new();
    into(list("flatten", &args[0])?, &mut all, meter)?;
    make(all, meter)
}

pub(super) fn sort<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let descending = match args.get(1).map_or(Ok("asc"), text_of)? {
        "asc" => false,
        "desc" => true,
        other => return Err(format!("invalid order {other}, expected asc or desc")),
    };
    let items = list("sort", &args[0])?.iter().map(|item| (item.clone(), item)).collect();
    make(sorted(items, descending, meter)?, meter)
}
