//! Log records, which carry what they were sampled by in two attributes.

use slimcol_pdata::{edit::LogRecordMut, view::ValueRef};
use slimcol_sampling::{INCONSISTENT, Randomness, Threshold};

use crate::sampler::{Carrier, Chance, MISSING, Mode, Policy, RANDOMNESS_IN_USE, THRESHOLD_IN_USE, Wrong};

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
    fn chance(&mut self, mode: &Mode) -> (Chance, bool, Option<Wrong>) {
        let broken = self.broken.take().map(Wrong::Broken);
        let id = self.record.view().trace_id();
        let traced = id != [0; 16];
        match mode {
            Mode::Never => ((Policy::Priority, Randomness::MAX), true, broken),
            Mode::Hash(hash, _) => {
                let attribute = || match self.record.view().attributes().get(&hash.attribute)? {
                    ValueRef::Bytes(bytes) => (!bytes.is_empty()).then(|| hash.of(bytes)),
                    value => Some(value.to_text())
                        .filter(|text| !text.is_empty())
                        .map(|text| hash.of(text.as_bytes())),
                };
                let chance = if traced && hash.traces {
                    (Policy::TraceHash, hash.of(&id))
                } else if hash.attribute.is_empty() {
                    MISSING
                } else {
                    attribute().map_or(MISSING, |randomness| (Policy::AttributeHash, randomness))
                };
                let wrong = broken
                    .or_else(|| self.randomness.map(|_| RANDOMNESS_IN_USE))
                    .or_else(|| self.threshold.map(|_| THRESHOLD_IN_USE));
                if wrong.is_none() && chance != MISSING {
                    self.randomness = Some(chance.1);
                    self.record.attributes_mut().insert(RANDOMNESS, chance.1.to_string().as_str());
                }
                (chance, wrong.is_none(), wrong)
            }
            Mode::Equalizing(_) | Mode::Proportional(_) => {
                let chance = match self.randomness {
                    _ if broken.is_some() => MISSING,
                    Some(randomness) => (Policy::Given, randomness),
                    None if traced => (Policy::TraceBits, Randomness::of_trace(id)),
                    None => MISSING,
                };
                (chance, broken.is_none(), broken)
            }
        }
    }

    fn threshold(&self) -> Option<Threshold> {
        self.threshold
    }

    fn clear_threshold(&mut self) {
        self.threshold = None;
        self.record.attributes_mut().remove(THRESHOLD);
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
