//! Statements about instrumentation scopes.

use slimcol_pdata::{
    edit::{EntryHeadMut, OwnValue, ScopeHeadMut},
    view::ValueRef,
};

use super::{Context, Field, Slot, cast, fields::Table, resource};
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

/// An instrumentation scope.
#[derive(Debug)]
pub struct ScopeContext<'c, 'r, 's> {
    /// Its resource.
    pub resource: &'c mut EntryHeadMut<'r>,
    /// The scope.
    pub scope: &'c mut ScopeHeadMut<'s>,
    /// The scratch map.
    pub cache: &'c mut OwnValue,
}

/// The contexts of what lies in a scope all reach what lies around it in the same way.
macro_rules! inside { ($context:ty { $($own:pat => $get:expr, $set:expr, $slot:expr;)* } $this:ident $value:ident $field:ident) => {
    impl Context for $context {
        #[inline]
        fn get(&self, field: Field) -> Value<'_> {
            let $this = self;
            match field {
                Field::Resource(field) => resource::get($this.resource, field),
                Field::Scope(field) => $crate::context::scope::get($this.scope, field),
                Field::Cache => $this.cache.view().into(),
                $($own => $get,)*
                #[allow(unreachable_patterns, reason = "the last context has all")]
                _ => Value::NIL,
            }
        }

        fn set(&mut self, field: Field, $value: &Value<'_>) -> Result<(), Fault> {
            let $this = self;
            match field {
                Field::Resource(field) => resource::set($this.resource, field, $value),
                Field::Scope(field) => $crate::context::scope::set($this.scope, field, $value),
                $($own => $set,)*
                _ => Ok(()),
            }
        }

        fn slot(&mut self, field: Field) -> Option<Slot<'_>> {
            let $this = self;
            match field {
                Field::Resource(field) => resource::slot($this.resource, field),
                Field::Scope(field) => $crate::context::scope::slot($this.scope, field),
                Field::Cache => resource::cache($this.cache),
                $($own => $slot,)*
                _ => None,
            }
        }
    }
} }

pub(super) use inside;

inside! { ScopeContext<'_, '_, '_> {} this value field }
