//! Functions that go through a list.

use super::{At, Machine, Result, Scope, access, arithmetic, stop, truth};
use crate::{
    plan::{Each, EachItem, Op},
    value::{List, Map, Value, map_key, sorted},
};

impl<'a> Machine<'a> {
    pub(super) fn each(&mut self, op: &'a Op, each: &'a EachItem) -> Result<Value<'a>> {
        let list = access::items(self.eval(&each.list)?).at(op.at)?;
        let begin = match (each.each, &each.extra) {
            (Each::Reduce, Some(initial)) => self.eval(initial)?,
            (Each::Reduce, None) if list.is_empty() => {
                return Err(stop(op, "reduce of empty array with no initial value"));
            }
            (Each::Reduce, None) => list.get(0),
            (Each::Sum, _) => Value::Int(0),
            _ => Value::Nil,
        };
        let descending = match &each.extra {
            Some(order) if each.each == Each::SortBy => match self.eval(order)? {
                Value::Text(order) if *order == *"asc" => false,
                Value::Text(order) if *order == *"desc" => true,
                Value::Text(_) => return Err(stop(op, "unknown order, use asc or desc")),
                _ => return Err(stop(op, "sortBy order argument must be a string")),
            },
            _ => false,
        };
        self.scopes.push(Scope { item: Value::Nil, index: 0, acc: begin });
        let result = self.through(op, each, &list, descending);
        self.scopes.pop();
        result
    }

    /// The predicate's value for the item at `index`.
    fn ask(&mut self, op: &'a Op, each: &'a EachItem, list: &List<'a>, index: usize) -> Result<Value<'a>> {
        self.meter.step().at(op.at)?;
        if let Some(scope) = self.scopes.last_mut() {
            scope.item = list.get(index);
            scope.index = index;
        }
        match &each.predicate {
            Some(predicate) => self.eval(predicate),
            None => Ok(list.get(index)),
        }
    }

    fn holds(&mut self, op: &'a Op, each: &'a EachItem, list: &List<'a>, index: usize) -> Result<bool> {
        truth(&self.ask(op, each, list, index)?).at(op.at)
    }

    /// The first position for which the predicate is `wanted`.
    fn search(
        &mut self,
        op: &'a Op,
        each: &'a EachItem,
        list: &List<'a>,
        positions: &mut dyn Iterator<Item = usize>,
        wanted: bool,
    ) -> Result<Option<usize>> {
        for index in positions {
            if self.holds(op, each, list, index)? == wanted {
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    fn through(
        &mut self,
        op: &'a Op,
        each: &'a EachItem,
        list: &List<'a>,
        descending: bool,
    ) -> Result<Value<'a>> {
        let mut all = 0..list.len();
        let position =
            |found: Option<usize>| found.and_then(|at| i64::try_from(at).ok()).map_or(Value::Nil, Value::Int);
        Ok(match each.each {
            Each::All => Value::Bool(self.search(op, each, list, &mut all, false)?.is_none()),
            Each::Any => Value::Bool(self.search(op, each, list, &mut all, true)?.is_some()),
            Each::None => Value::Bool(self.search(op, each, list, &mut all, true)?.is_none()),
            Each::Find => match self.search(op, each, list, &mut all, true)? {
                Some(index) => list.get(index),
                None => Value::Nil,
            },
            Each::FindLast => match self.search(op, each, list, &mut all.rev(), true)? {
                Some(index) => list.get(index),
                None => Value::Nil,
            },
            Each::FindIndex => position(self.search(op, each, list, &mut all, true)?),
            Each::FindLastIndex => position(self.search(op, each, list, &mut all.rev(), true)?),
            Each::One | Each::Count => {
                let mut count = 0;
                for index in all {
                    count += i64::from(self.holds(op, each, list, index)?);
                }
                if each.each == Each::One { Value::Bool(count == 1) } else { Value::Int(count) }
            }
            Each::Filter => {
                let mut kept = Vec::new();
                for index in all {
                    if self.holds(op, each, list, index)? {
                        self.meter.items(1).at(op.at)?;
                        kept.push(list.get(index));
                    }
                }
                Value::List(List::new(kept).at(op.at)?)
            }
            Each::Map => {
                self.meter.items(list.len()).at(op.at)?;
                let mut made = Vec::with_capacity(list.len());
                for index in all {
                    made.push(self.ask(op, each, list, index)?);
                }
                Value::List(List::new(made).at(op.at)?)
            }
            Each::Sum => {
                for index in all {
                    let value = self.ask(op, each, list, index)?;
                    let before = self.accumulated();
                    let sum = arithmetic::add(&value, &before, &mut self.meter).at(op.at)?;
                    self.accumulate(sum);
                }
                self.accumulated()
            }
            Each::Reduce => {
                for index in all.skip(usize::from(each.extra.is_none())) {
                    let value = self.ask(op, each, list, index)?;
                    self.accumulate(value);
                }
                self.accumulated()
            }
            Each::SortBy => {
                self.meter.items(list.len()).at(op.at)?;
                let mut keyed = Vec::with_capacity(list.len());
                for index in all {
                    keyed.push((self.ask(op, each, list, index)?, list.get(index)));
                }
                let items = sorted(keyed, descending, &mut self.meter).at(op.at)?;
                Value::List(List::new(items).at(op.at)?)
            }
            Each::GroupBy => self.group(op, each, list)?,
        })
    }

    fn group(&mut self, op: &'a Op, each: &'a EachItem, list: &List<'a>) -> Result<Value<'a>> {
        self.meter.items(list.len()).at(op.at)?;
        let mut keyed = Vec::with_capacity(list.len());
        for index in 0..list.len() {
            let by = self.ask(op, each, list, index)?;
            keyed.push((Value::Text(map_key("groupBy", by).at(op.at)?), index));
        }
        // Sorting keeps the items of a group in their order.
        slimcol_order::sort_by(&mut keyed, |(one, _), (other, _)| one.as_str().cmp(&other.as_str()));
        let mut entries = Vec::new();
        for group in keyed.chunk_by(|(one, _), (other, _)| one.as_str() == other.as_str()) {
            let items = group.iter().map(|(_, index)| list.get(*index)).collect();
            let items = Value::List(List::new(items).at(op.at)?);
            entries.push((map_key("groupBy", group[0].0.clone()).at(op.at)?, items));
        }
        Map::new(entries).map(Value::Map).at(op.at)
    }

    fn accumulated(&self) -> Value<'a> {
        self.scopes.last().map_or(Value::Nil, |scope| scope.acc.clone())
    }

    fn accumulate(&mut self, value: Value<'a>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.acc = value;
        }
    }
}
