//! Paths, ready to be read and written.

use slimcol_pdata::{
    edit::{AttributesMut, OwnValue, ValueMut},
    view::ValueRef,
};

use super::{
    Index, Step,
    expression::{lenient, no_step},
};
use crate::{
    context::{Context, Field, LogField, Slot, sender},
    fault::Fault,
    value::{Look, Value, fits},
};

/// So far may a list grow that an index makes: `cache["a"][1000000000]` is a slip.
const LONGEST: i64 = 10_000;

/// A field and the keys into it.
#[derive(Debug)]
pub struct Place {
    /// The field.
    pub field: Field,
    /// The keys.
    pub keys: Box<[Index]>,
}

impl Place {
    /// The value there.
    #[inline]
    pub fn get<'a>(&'a self, of: &'a dyn Context) -> Result<Value<'a>, Fault> {
        let (mut value, keys) = match &*self.keys {
            [] => return Ok(of.get(self.field)),
            [Index::Str(key), rest @ ..] if self.field.is_map() => match of.lookup(self.field, key) {
                Some(value) => (value, rest),
                None => return Ok(Value::NIL),
            },
            keys if let Field::Sender(field) = self.field => return sender::find(field, keys, of),
            keys => {
                let Value::Data(whole) = of.get(self.field) else { return Ok(Value::NIL) };
                self.indexable(whole)?;
                (whole, keys)
            }
        };
        for key in keys {
            match lenient(value, &key.step(of)?)? {
                Some(inner) => value = inner,
                None => return Ok(Value::NIL),
            }
        }
        Ok(Value::Data(value))
    }

    /// The map and the key in it, if that is what the path is.
    #[expect(clippy::inline_always, reason = "a part of `put`")]
    #[inline(always)]
    pub(crate) fn key(&self) -> Option<(Field, &str)> {
        match &*self.keys {
            [Index::Str(key)] if self.field.is_map() => Some((self.field, key)),
            _ => None,
        }
    }

    /// The value there, if one key leads to it.
    #[inline]
    pub(crate) fn entry<'a>(&'a self, of: &'a dyn Context) -> Option<ValueRef<'a>> {
        let (field, key) = self.key()?;
        Some(of.lookup(field, key).unwrap_or(ValueRef::Empty))
    }

    /// A body can be anything, and says so in words of its own where it cannot be indexed.
    fn indexable(&self, value: ValueRef<'_>) -> Result<(), Fault> {
        if self.field == Field::Log(LogField::Body) && !matches!(value, ValueRef::Map(_) | ValueRef::Array(_))
        {
            return Err(Fault::new(format!("log bodies of type {} cannot be indexed", value.kind())));
        }
        Ok(())
    }

    /// As [`set`](Self::set), for a value as telemetry has it.
    #[expect(clippy::inline_always, reason = "one call less of three for each value that is set")]
    #[inline(always)]
    pub(crate) fn put(&self, on: &mut dyn Context, value: ValueRef<'_>) -> Result<(), Fault> {
        match self.key() {
            Some((field, key)) => {
                on.put(field, key, value);
                Ok(())
            }
            None => self.set(on, &value.into()),
        }
    }

    /// Puts a value there, and makes what must be there for that.
    pub fn set(&self, on: &mut dyn Context, value: &Value<'_>) -> Result<(), Fault> {
        fits(value.data().map_or(0, ValueRef::byte_len))?;
        match &*self.keys {
            [] if !self.field.indexable() => return on.set(self.field, value),
            [Index::Str(key)] if self.field.is_map() => {
                if let Some(data) = value.data() {
                    on.put(self.field, key, data);
                    return Ok(());
                }
            }
            _ => {}
        }
        if !self.keys.is_empty()
            && let Value::Data(whole) = on.get(self.field)
        {
            self.indexable(whole)?;
        }
        let steps = self.steps(on)?;
        let data = value.look().data();
        match on.slot(self.field) {
            Some(Slot::Map(mut map)) => match steps.split_first() {
                Some((first, rest)) => put_in_map(&mut map, first, rest, data, value),
                None => match data {
                    Some(ValueRef::Map(pairs)) => {
                        map.replace(pairs);
                        Ok(())
                    }
                    Some(ValueRef::Empty) => {
                        map.clear();
                        Ok(())
                    }
                    _ => Err(Fault::new(format!(
                        "unsupported type provided for setting a pcommon.Map: {}",
                        value.look().type_name()
                    ))),
                },
            },
            Some(Slot::Value(mut slot)) => put(&mut slot, &steps, data, value),
            None => on.set(self.field, value),
        }
    }

    /// Changes the map there, once `needed` has seen it and says so.
    pub(crate) fn change_map(
        &self,
        on: &mut dyn Context,
        change: &mut dyn FnMut(&mut AttributesMut<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let steps = self.steps(on)?;
        match on.slot(self.field) {
            Some(Slot::Map(mut map)) => match steps.split_first() {
                None => change(&mut map),
                Some((Step::Key(key), rest)) => match map.get_mut(key) {
                    Some(mut value) => in_map(&mut value, rest, change),
                    None => Err(Fault::expected("pcommon.Map", "nil")),
                },
                Some((step, _)) => Err(no_step(ValueRef::Map(map.view()), step)),
            },
            Some(Slot::Value(mut value)) => in_map(&mut value, &steps, change),
            None if let Field::Sender(_) = self.field => on.set(self.field, &Value::NIL),
            None => Err(Fault::expected("pcommon.Map", "nil")),
        }
    }

    /// The keys for a record, apart from it, so that it can be changed.
    fn steps(&self, of: &dyn Context) -> Result<Vec<Step<'static>>, Fault> {
        let own = |step| match step {
            Step::Key(key) => Step::Key(std::borrow::Cow::Owned(std::borrow::Cow::into_owned(key))),
            Step::At(at) => Step::At(at),
        };
        self.keys.iter().map(|key| key.step(of).map(own)).collect()
    }
}

/// Goes on to the map that is to be changed.
fn in_map(
    value: &mut ValueMut<'_>,
    steps: &[Step<'_>],
    change: &mut dyn FnMut(&mut AttributesMut<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    walk(value, steps, &mut |found| match found.as_map_mut() {
        Some(mut map) => change(&mut map),
        None => Err(Fault::expected("pcommon.Map", Look::Data(found.view()).type_name())),
    })
}

fn walk(
    value: &mut ValueMut<'_>,
    steps: &[Step<'_>],
    then: &mut dyn FnMut(&mut ValueMut<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let Some((first, rest)) = steps.split_first() else { return then(value) };
    let missing = || Fault::expected("pcommon.Map", "nil");
    match first {
        Step::Key(key) if matches!(value.view(), ValueRef::Map(_)) => {
            let mut map = value.as_map_mut().ok_or_else(missing)?;
            walk(&mut map.get_mut(key).ok_or_else(missing)?, rest, then)
        }
        Step::At(at) if matches!(value.view(), ValueRef::Array(_)) => {
            let mut list = value.as_array_mut().ok_or_else(missing)?;
            let found = usize::try_from(*at).ok().and_then(|at| list.get_mut(at));
            walk(&mut found.ok_or_else(|| Fault::new(format!("index {at} out of bounds")))?, rest, then)
        }
        step => Err(no_step(value.view(), step)),
    }
}

/// Puts a value into a map, at the first of its keys.
fn put_in_map(
    map: &mut AttributesMut<'_>,
    first: &Step<'_>,
    rest: &[Step<'_>],
    data: Option<ValueRef<'_>>,
    value: &Value<'_>,
) -> Result<(), Fault> {
    let Step::Key(key) = first else { return Err(no_step(ValueRef::Map(map.view()), first)) };
    if rest.is_empty()
        && let Some(data) = data
    {
        map.insert(key, data);
        return Ok(());
    }
    if map.get(key).is_none() {
        map.insert(key, ValueRef::Empty);
    }
    match map.get_mut(key) {
        Some(mut inner) => put(&mut inner, rest, data, value),
        None => Ok(()),
    }
}

/// Puts a value where `steps` lead from `slot`.
fn put(
    slot: &mut ValueMut<'_>,
    steps: &[Step<'_>],
    data: Option<ValueRef<'_>>,
    value: &Value<'_>,
) -> Result<(), Fault> {
    let Some((first, rest)) = steps.split_first() else {
        let Some(data) = data else {
            return Err(Fault::new(format!(
                "unsupported type {} for set operation; current value type is {}",
                value.look().type_name(),
                slot.view().kind()
            )));
        };
        slot.set(data);
        return Ok(());
    };
    if let (ValueRef::Empty, step) = (slot.view(), first) {
        match step {
            Step::Key(_) => slot.set(OwnValue::empty_map().view()),
            Step::At(at) if (0..LONGEST).contains(at) => {
                slot.set(OwnValue::list((0..=*at).map(|_| ValueRef::Empty)).view());
            }
            Step::At(at) => return Err(Fault::new(format!("index {at} out of bounds"))),
        }
    }
    match (slot.view(), first) {
        (ValueRef::Map(_), first) => match slot.as_map_mut() {
            Some(mut map) => put_in_map(&mut map, first, rest, data, value),
            None => Ok(()),
        },
        (ValueRef::Array(_), Step::At(at)) => {
            let at = *at;
            let mut list = slot.as_array_mut();
            let found = list.as_mut().zip(usize::try_from(at).ok()).and_then(|(list, at)| list.get_mut(at));
            put(&mut found.ok_or_else(|| Fault::new(format!("index {at} out of bounds")))?, rest, data, value)
        }
        (other, step) => Err(no_step(other, step)),
    }
}
