//! Statements about resources.

use std::cell::RefCell;

use slimcol_pdata::{
    edit::EntryHeadMut,
    view::{Index, ShortText, Text, ValueRef},
};
use slimcol_service::Client;

use super::{Context, Field, Scratch, Slot, cast, fields::Table, sender};
use crate::{fault::Fault, value::Value};

/// A field of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as paths name them")]
pub enum ResourceField {
    Attributes,
    DroppedAttributesCount,
    SchemaUrl,
}

pub(super) const FIELDS: Table = &[
    ("attributes", Field::Resource(ResourceField::Attributes)),
    ("dropped_attributes_count", Field::Resource(ResourceField::DroppedAttributesCount)),
    ("schema_url", Field::Resource(ResourceField::SchemaUrl)),
];

pub(super) fn get<'a>(head: &'a EntryHeadMut<'_>, field: ResourceField) -> Value<'a> {
    let resource = head.resource();
    match field {
        ResourceField::Attributes => ValueRef::Map(resource.attributes()).into(),
        ResourceField::DroppedAttributesCount => i64::from(resource.dropped_attributes_count()).into(),
        ResourceField::SchemaUrl => head.schema_url().into(),
    }
}

pub(super) fn set(head: &mut EntryHeadMut<'_>, field: ResourceField, value: &Value<'_>) -> Result<(), Fault> {
    match field {
        ResourceField::Attributes => {}
        ResourceField::DroppedAttributesCount => {
            head.resource_mut().set_dropped_attributes_count(cast::low(value)?);
        }
        ResourceField::SchemaUrl => head.set_schema_url(cast::text(value)?),
    }
    Ok(())
}

/// The attributes, to be changed.
pub(super) fn slot<'a>(head: &'a mut EntryHeadMut<'_>, field: ResourceField) -> Option<Slot<'a>> {
    (field == ResourceField::Attributes).then(|| Slot::Map(head.attributes_mut()))
}

/// What `key` is in the attributes.
pub(super) fn lookup<'a>(
    head: &'a EntryHeadMut<'_>,
    index: &RefCell<Index>,
    key: &str,
) -> Option<ValueRef<'a>> {
    index.borrow_mut().attribute(head.resource().encoded(), key)
}

/// The text that `key` is in the attributes, to be put elsewhere.
pub(super) fn text<'a>(head: &'a EntryHeadMut<'_>, index: &RefCell<Index>, key: &str) -> Text<ShortText<'a>> {
    index.borrow_mut().text(head.resource().encoded(), key)
}

/// A resource.
#[derive(Debug)]
pub struct ResourceContext<'c, 'd> {
    resource: &'c mut EntryHeadMut<'d>,
    scratch: &'c mut Scratch,
}

impl<'c, 'd> ResourceContext<'c, 'd> {
    /// A resource. The next one needs [`Scratch::next_resource`] first.
    pub fn new(resource: &'c mut EntryHeadMut<'d>, scratch: &'c mut Scratch) -> Self {
        scratch.next(0);
        Self { resource, scratch }
    }
}

impl Context for ResourceContext<'_, '_> {
    fn get(&self, field: Field) -> Value<'_> {
        match field {
            Field::Resource(field) => get(self.resource, field),
            Field::Cache => self.scratch.cache().into(),
            Field::Sender(field) => sender::get(&self.scratch.sender, field),
            _ => Value::NIL,
        }
    }

    fn set(&mut self, field: Field, value: &Value<'_>) -> Result<(), Fault> {
        self.scratch.resource.get_mut().forget();
        match field {
            Field::Resource(field) => set(self.resource, field, value),
            Field::Sender(field) => sender::read_only(field),
            _ => Ok(()),
        }
    }

    fn spare(&self) -> Option<&RefCell<String>> {
        Some(&self.scratch.spare)
    }

    fn slot(&mut self, field: Field) -> Option<Slot<'_>> {
        self.scratch.resource.get_mut().forget();
        match field {
            Field::Resource(field) => slot(self.resource, field),
            Field::Cache => self.scratch.cache_mut(),
            _ => None,
        }
    }

    fn sender(&self) -> Option<&Client> {
        Some(&self.scratch.sender)
    }

    fn lookup(&self, field: Field, key: &str) -> Option<ValueRef<'_>> {
        match (field, self.get(field)) {
            (Field::Resource(ResourceField::Attributes), _) => {
                lookup(self.resource, &self.scratch.resource, key)
            }
            (_, Value::Data(ValueRef::Map(map))) => map.get(key),
            _ => None,
        }
    }
}
