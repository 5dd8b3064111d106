//! Log records, which carry what they were sampled by in two attributes.

use slimcol_pdata::{edit::LogRecordMut, view::ValueRef};
use slimcol_sampling::{INCONSISTENT, Randomness, Threshold};

use crate::{
    hash::Hash,
    sampler::{Carrier, Chance, MISSING, Policy},
};

const THRESHOLD: &str = "sampling.threshold";
const RANDOMNESS: &str = "sampling.randomness";

/// A log record, and what it carries.
pub(crate) struct RecordCarrier<'s, 'd, 'c> {
    record: &'s mut LogRecordMut<'d>,
    threshold: Option<Threshold>,
    randomness: Option<Randomness>,
    broken: Option<String>,
    /// The attribute that has the record's own percentage.
    priority: &'c str,
    precision: usize,
}

impl<'s, 'd, 'c> RecordCarrier<'s, 'd, 'c> {
    pub(crate) fn new(record: &'s mut LogRecordMut<'d>, priority: &'c str, precision: usize) -> Self {
        let attributes = record.view().attributes();
        let text = |key| attributes.get(key).and_then(ValueRef::as_str).filter(|text| !text.is_empty());
        let threshold = text(THRESHOLD).map(Threshold::parse).transpose();
        let randomness = text(RANDOMNESS).map(Randomness::parse).transpose();
        let errors = [randomness.as_ref().err(), threshold.as_ref().err()];
        let errors: Vec<&str> = errors.into_iter().flatten().map(String::as_str).collect();
        let broken = (!errors.is_empty()).then(|| errors.join("\n"));
        let (threshold, randomness) = (threshold.ok().flatten(), randomness.ok().flatten());
        Self { record, threshold, randomness, broken, priority, precision }
    }
}

impl Carrier for RecordCarrier<'_, '_, '_> {
    fn trace_id(&self) -> [u8; 16] {
        self.record.view().trace_id()
    }

    fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    fn randomness(&self) -> Option<Randomness> {
        self.randomness
    }

    fn keep(&mut self, chance: Chance) {
        if chance != MISSING {
            self.randomness = Some(chance.1);
            self.record.attributes_mut().insert(RANDOMNESS, chance.1.to_string().as_str());
        }
    }

    fn threshold(&self) -> Option<Threshold> {
        self.threshold
    }

    fn clear_threshold(&mut self) {
        self.threshold = None;
        self.record.attributes_mut().remove(THRESHOLD);
    }

    fn hashed(&self, hash: &Hash) -> Chance {
        let id = self.trace_id();
        if hash.traces && id != [0; 16] {
            return (Policy::TraceHash, hash.of(&id));
        }
        if hash.attribute.is_empty() {
            return MISSING;
        }
        let of = match self.record.view().attributes().get(&hash.attribute) {
            Some(ValueRef::Bytes(bytes)) if !bytes.is_empty() => hash.of(bytes),
            None | Some(ValueRef::Bytes(_)) => return MISSING,
            Some(value) => match value.to_text() {
                text if text.is_empty() => return MISSING,
                text => hash.of(text.as_bytes()),
            },
        };
        (Policy::AttributeHash, of)
    }

    #[allow(clippy::cast_precision_loss, reason = "Go rounds")]
    fn priority(&self) -> Option<Threshold> {
        if self.priority.is_empty() {
            return None;
        }
        let percentage = match self.record.view().attributes().get(self.priority)? {
            ValueRef::Double(percentage) => percentage,
            ValueRef::Int(percentage) => percentage as f64,
            _ => return None,
        };
        Threshold::of_probability(percentage / 100.0, self.precision)
    }

    fn sampled(&mut self, by: Threshold) -> Result<(), &'static str> {
        if self.threshold.is_some_and(|there| there > by) {
            return Err(INCONSISTENT);
        }
        self.record.attributes_mut().insert(THRESHOLD, by.to_string().as_str());
        Ok(())
    }
}
