//! Statements about instrumentation scopes.

use std::cell::RefCell;

use slimcol_pdata::{
    edit::{EntryHeadMut, ScopeHeadMut},
    view::{Index, ValueRef},
};

use super::{Context, Field, Scratch, Slot, cast, fields::Table, resource};
use crate::{fault::Fault, value::Value};

/// A field of an instrumentation scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as paths name them")]
pub enum ScopeField {
    Name,
    Version,
    Attributes,
    DroppedAttributesCount,
    SchemaUrl,
}

pub(super) const FIELDS: Table = &[
    ("name", Field::Scope(ScopeField::Name)),
    ("version", Field::Scope(ScopeField::Version)),
    ("attributes", Field::Scope(ScopeField::Attributes)),
    ("dropped_attributes_count", Field::Scope(ScopeField::DroppedAttributesCount)),
    ("schema_url", Field::Scope(ScopeField::SchemaUrl)),
];

pub(super) fn get<'a>(head: &'a ScopeHeadMut<'_>, field: ScopeField) -> Value<'a> {
    let scope = head.scope();
    match field {
        ScopeField::Name => scope.name().into(),
        ScopeField::Version => scope.version().into(),
        ScopeField::Attributes => ValueRef::Map(scope.attributes()).into(),
        ScopeField::DroppedAttributesCount => i64::from(scope.dropped_attributes_count()).into(),
        ScopeField::SchemaUrl => head.schema_url().into(),
    }
}

pub(super) fn set(head: &mut ScopeHeadMut<'_>, field: ScopeField, value: &Value<'_>) -> Result<(), Fault> {
    match field {
        ScopeField::Name => head.scope_mut().set_name(cast::text(value)?),
        ScopeField::Version => head.scope_mut().set_version(cast::text(value)?),
        ScopeField::Attributes => {}
        ScopeField::DroppedAttributesCount => {
            head.scope_mut().set_dropped_attributes_count(cast::low(value)?);
        }
        ScopeField::SchemaUrl => head.set_schema_url(cast::text(value)?),
    }
    Ok(())
}

pub(super) fn slot<'a>(head: &'a mut ScopeHeadMut<'_>, field: ScopeField) -> Option<Slot<'a>> {
    (field == ScopeField::Attributes).then(|| Slot::Map(head.attributes_mut()))
}

/// What `key` is in the attributes.
pub(super) fn lookup<'a>(
    head: &'a ScopeHeadMut<'_>,
    index: &RefCell<Index>,
    key: &str,
) -> Option<ValueRef<'a>> {
    index.borrow_mut().attribute(head.scope().encoded(), key)
}

/// For records of which no field can be set without another look at all of it.
pub(super) const fn unnumbered(_: Field) -> Option<u32> {
    None
}

/// An instrumentation scope.
#[derive(Debug)]
pub struct ScopeContext<'c, 'r, 's> {
    resource: &'c mut EntryHeadMut<'r>,
    scope: &'c mut ScopeHeadMut<'s>,
    scratch: &'c mut Scratch,
}

impl<'c, 'r, 's> ScopeContext<'c, 'r, 's> {
    /// A scope and its resource. The next one needs [`Scratch::next_scope`] first.
    pub fn new(
        resource: &'c mut EntryHeadMut<'r>,
        scope: &'c mut ScopeHeadMut<'s>,
        scratch: &'c mut Scratch,
    ) -> Self {
        scratch.next(0);
        Self { resource, scope, scratch }
    }
}

/// The contexts of what lies in a scope all reach what lies around it in the same way. For each field of their own they say how
/// it is got, set and changed in place; then which field is the record's attributes, the record as it is encoded, its attributes
/// to be changed, and the number of a field that can be set without making the index useless.
macro_rules! inside { (
    $context:ty {
        $($own:pat => $get:expr, $set:expr, $slot:expr;)*
        $(@attributes $attributes:pat => $encoded:expr, $attributes_mut:expr, $number:expr;)?
        $(@metric $metric:expr;)?
        $(@added $added:expr;)?
    } $this:ident $value:ident $field:ident
) => {
    impl Context for $context {
        #[inline]
        fn get(&self, field: Field) -> Value<'_> {
            let $this = self;
            match field {
                Field::Resource(field) => resource::get($this.resource, field),
                Field::Scope(field) => $crate::context::scope::get($this.scope, field),
                Field::Cache => $this.scratch.cache().into(),
                Field::Sender(field) => $crate::context::sender::get(&$this.scratch.sender, field),
                $($own => $get,)*
                #[allow(unreachable_patterns, reason = "the last context has all")]
                _ => Value::NIL,
            }
        }

        fn set(&mut self, field: Field, $value: &Value<'_>) -> Result<(), Fault> {
            let $this = self;
            let done = match field {
                Field::Resource(field) => {
                    $this.scratch.resource.get_mut().forget();
                    resource::set($this.resource, field, $value)
                }
                Field::Scope(field) => {
                    $this.scratch.scope.get_mut().forget();
                    $crate::context::scope::set($this.scope, field, $value)
                }
                $($own => $set,)*
                Field::Sender(field) => $crate::context::sender::read_only(field),
                _ => Ok(()),
            };
            $(
                let number: Option<u32> = $number(field);
                match number {
                    Some(number) => $this.scratch.item.get_mut().set($encoded, number),
                    None => $this.scratch.item.get_mut().forget(),
                }
            )?
            done
        }

        fn spare(&self) -> Option<&std::cell::RefCell<String>> {
            Some(&self.scratch.spare)
        }

        fn slot(&mut self, field: Field) -> Option<Slot<'_>> {
            let $this = self;
            match field {
                Field::Resource(field) => {
                    $this.scratch.resource.get_mut().forget();
                    resource::slot($this.resource, field)
                }
                Field::Scope(field) => {
                    $this.scratch.scope.get_mut().forget();
                    $crate::context::scope::slot($this.scope, field)
                }
                Field::Cache => $this.scratch.cache_mut(),
                $($own => {
                    $this.scratch.item.get_mut().forget();
                    $slot
                })*
                _ => None,
            }
        }

        fn sender(&self) -> Option<&slimcol_service::Client> {
            Some(&self.scratch.sender)
        }

        #[inline]
        fn lookup(&self, field: Field, key: &str) -> Option<ValueRef<'_>> {
            let $this = self;
            match field {
                $($attributes => $this.scratch.item.borrow_mut().attribute($encoded, key),)?
                Field::Resource($crate::context::ResourceField::Attributes) => {
                    resource::lookup($this.resource, &$this.scratch.resource, key)
                }
                Field::Scope($crate::context::ScopeField::Attributes) => {
                    $crate::context::scope::lookup($this.scope, &$this.scratch.scope, key)
                }
                field => match $this.get(field) {
                    Value::Data(ValueRef::Map(map)) => map.get(key),
                    _ => None,
                },
            }
        }

        $(
            fn put(&mut self, field: Field, key: &str, value: ValueRef<'_>) {
                let $this = self;
                match field {
                    $attributes => $attributes_mut.insert_value_at($this.scratch.item.get_mut(), key, value),
                    field => {
                        if let Some(Slot::Map(mut map)) = $this.slot(field) {
                            map.insert(key, value);
                        }
                    }
                }
            }

            fn add(&mut self, field: Field, key: &str, pair: &slimcol_pdata::edit::ShortPair) -> bool {
                let $this = self;
                match field {
                    $attributes => $attributes_mut.append_pair_at($this.scratch.item.get_mut(), key, pair),
                    _ => false,
                }
            }

            fn copy(&mut self, (map, from): (Field, &str), (field, key): (Field, &str)) -> slimcol_pdata::edit::Copied {
                use slimcol_pdata::edit::Copied;
                let $this = self;
                match (map, field) {
                    ($attributes, $attributes) => {
                        $attributes_mut.copy_at($this.scratch.item.get_mut(), from, key)
                    }
                    (Field::Resource($crate::context::ResourceField::Attributes), $attributes) => {
                        match resource::text($this.resource, &$this.scratch.resource, from) {
                            slimcol_pdata::view::Text::Absent => Copied::Absent,
                            slimcol_pdata::view::Text::Short(text) => {
                                $attributes_mut.append_at($this.scratch.item.get_mut(), key, text).into()
                            }
                            slimcol_pdata::view::Text::Other => Copied::Not,
                        }
                    }
                    _ => Copied::Not,
                }
            }

            fn remove(&mut self, field: Field, key: &str) {
                let $this = self;
                match field {
                    $attributes => {
                        $attributes_mut.remove_at($this.scratch.item.get_mut(), key);
                    }
                    field => {
                        if $this.lookup(field, key).is_some()
                            && let Some(Slot::Map(mut map)) = $this.slot(field)
                        {
                            map.remove(key);
                        }
                    }
                }
            }

            fn extent(&self, field: Field) -> Option<(usize, usize)> {
                let $this = self;
                match field {
                    $attributes => Some($this.scratch.item.borrow_mut().extent($encoded)),
                    _ => None,
                }
            }
        )?

        $(
            fn added(&mut self) -> Option<&mut Vec<slimcol_pdata::edit::OwnMetric>> {
                let $this = self;
                Some($added)
            }
        )?

        $(
            fn whole_metric(&self) -> Option<&slimcol_pdata::edit::MetricMut<'_>> {
                let $this = self;
                Some($this.metric)
            }

            fn metric(
                &mut self,
            ) -> Option<(slimcol_pdata::edit::MetricMut<'_>, &mut Vec<slimcol_pdata::edit::OwnMetric>)> {
                let $this = self;
                $metric
            }
        )?
    }
} }

pub(super) use inside;

inside! { ScopeContext<'_, '_, '_> {} this value field }
