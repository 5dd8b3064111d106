//! The setters of the messages that can be changed. Which number a name has is the schema's to say.

use super::{
    attributes::AttributesMut,
    list::{ListMut, sealed::Editor},
    message::MessageMut,
    value::ValueMut,
};
use crate::{
    put,
    schema::numbers,
    view::{
        BucketsRef, EventRef, ExemplarRef, ExponentialHistogramDataPointRef, HistogramDataPointRef, Index,
        LinkRef, LogRecordRef, Number, NumberDataPointRef, ResourceRef, ScopeRef, SpanRef, StatusRef,
        SummaryDataPointRef, ValueAtQuantileRef, View,
    },
};

/// A setter, by kind: `name: Kind = field`.
macro_rules! setter {
    ($m:ident $set:ident $f:ident Text) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, value: &str) {
            self.0.set(numbers::$m::$f, |to| put::bytes(to, numbers::$m::$f, value.as_bytes()));
        }
    };
    ($m:ident $set:ident $f:ident TraceId) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, value: [u8; 16]) {
            self.0.set(numbers::$m::$f, |to| put::bytes(to, numbers::$m::$f, &value));
        }
    };
    ($m:ident $set:ident $f:ident SpanId) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, value: [u8; 8]) {
            self.0.set(numbers::$m::$f, |to| put::bytes(to, numbers::$m::$f, &value));
        }
    };
    ($m:ident $set:ident $f:ident U32) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, value: u32) {
            self.0.set(numbers::$m::$f, |to| put::varint_field(to, numbers::$m::$f, value.into()));
        }
    };
    ($m:ident $set:ident $f:ident I32) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, value: i32) {
            let value = i64::from(value).cast_unsigned();
            self.0.set(numbers::$m::$f, |to| put::varint_field(to, numbers::$m::$f, value));
        }
    };
    ($m:ident $set:ident $f:ident S32) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, value: i32) {
            self.0.set(numbers::$m::$f, |to| put::varint_field(to, numbers::$m::$f, put::zigzag(value)));
        }
    };
    ($m:ident $set:ident $f:ident Fixed64) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, value: u64) {
            self.0.set(numbers::$m::$f, |to| put::fixed64(to, numbers::$m::$f, value));
        }
    };
    ($m:ident $set:ident $f:ident Fixed32) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, value: u32) {
            self.0.set(numbers::$m::$f, |to| put::fixed32(to, numbers::$m::$f, value));
        }
    };
    ($m:ident $set:ident $f:ident Double) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, value: f64) {
            self.0.set(numbers::$m::$f, |to| put::fixed64(to, numbers::$m::$f, value.to_bits()));
        }
    };
    ($m:ident $set:ident $f:ident MaybeDouble) => {
        #[doc = concat!("Sets or removes `", stringify!($f), "`.")]
        pub fn $set(&mut self, value: Option<f64>) {
            match value {
                Some(value) => {
                    self.0.set(numbers::$m::$f, |to| put::fixed64(to, numbers::$m::$f, value.to_bits()));
                }
                None => self.0.clear(numbers::$m::$f),
            }
        }
    };
    ($m:ident $set:ident $f:ident Counts) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, values: &[u64]) {
            self.0.clear(numbers::$m::$f);
            self.0.append(|to| {
                put::head(to, numbers::$m::$f, values.len() * 8);
                to.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            });
        }
    };
    ($m:ident $set:ident $f:ident VarCounts) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, values: &[u64]) {
            self.0.clear(numbers::$m::$f);
            self.0.append(|to| {
                put::head(to, numbers::$m::$f, values.iter().map(|value| put::varint64_len(*value)).sum());
                for value in values {
                    put::varint(to, *value);
                }
            });
        }
    };
    ($m:ident $set:ident $f:ident Bounds) => {
        #[doc = concat!("Sets `", stringify!($f), "`.")]
        pub fn $set(&mut self, values: &[f64]) {
            self.0.clear(numbers::$m::$f);
            self.0.append(|to| {
                put::head(to, numbers::$m::$f, values.len() * 8);
                to.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            });
        }
    };
    ($m:ident $set:ident $f:ident Attributes) => {
        #[doc = concat!("`", stringify!($f), "`, to be changed.")]
        pub fn $set(&mut self) -> AttributesMut<'_> {
            AttributesMut::of(self.0.again(), numbers::$m::$f)
        }
    };
    ($m:ident $set:ident $f:ident Value) => {
        #[doc = concat!("`", stringify!($f), "`, to be changed.")]
        pub fn $set(&mut self) -> ValueMut<'_> {
            ValueMut(self.0.nested(numbers::$m::$f))
        }
    };
    ($m:ident $set:ident $f:ident One($t:ident)) => {
        #[doc = concat!("`", stringify!($f), "`, to be changed.")]
        pub fn $set(&mut self) -> $t<'_> {
            $t(self.0.nested(numbers::$m::$f))
        }
    };
    ($m:ident $set:ident $f:ident List($t:ident)) => {
        #[doc = concat!("`", stringify!($f), "`, to be changed.")]
        pub fn $set(&mut self) -> ListMut<'_, $t<'static>> {
            ListMut::of(self.0.again(), numbers::$m::$f)
        }
    };
}

macro_rules! editors { ($($edit:ident $message:ident $view:ident
    { $($set:ident: $kind:ident $(($t:ident))? = $field:ident;)* })*) => { $(
    #[doc = concat!("An OTLP `", stringify!($message), "` to be changed.")]
    #[derive(Debug)]
    pub struct $edit<'a>(pub(super) MessageMut<'a>);

    impl $edit<'_> {
        /// The message as it is now.
        #[inline]
        pub fn view(&self) -> $view<'_> {
            View::of(self.0.bytes())
        }

        /// The same for the next change, which is one of the single field `number`: `index`, which is of this message, may
        /// know where that stands.
        pub fn knowing(&mut self, index: &Index, number: u32) -> $edit<'_> {
            $edit(self.0.knowing(index, number))
        }

        $( setter!($message $set $field $kind $(($t))?); )*
    }

    #[expect(private_interfaces, reason = "nobody else can call it")]
    impl Editor for $edit<'static> {
        type On<'a> = $edit<'a>;

        fn on(message: MessageMut<'_>) -> $edit<'_> {
            $edit(message)
        }
    }
)* } }

editors! {
    ResourceMut Resource ResourceRef {
        attributes_mut: Attributes = attributes;
        set_dropped_attributes_count: U32 = dropped_attributes_count;
    }
    ScopeMut InstrumentationScope ScopeRef {
        set_name: Text = name;
        set_version: Text = version;
        attributes_mut: Attributes = attributes;
        set_dropped_attributes_count: U32 = dropped_attributes_count;
    }
    SpanMut Span SpanRef {
        set_trace_id: TraceId = trace_id;
        set_span_id: SpanId = span_id;
        set_trace_state: Text = trace_state;
        set_parent_span_id: SpanId = parent_span_id;
        set_flags: Fixed32 = flags;
        set_name: Text = name;
        set_kind: I32 = kind;
        set_start_time_unix_nano: Fixed64 = start_time_unix_nano;
        set_end_time_unix_nano: Fixed64 = end_time_unix_nano;
        attributes_mut: Attributes = attributes;
        set_dropped_attributes_count: U32 = dropped_attributes_count;
        events_mut: List(EventMut) = events;
        set_dropped_events_count: U32 = dropped_events_count;
        links_mut: List(LinkMut) = links;
        set_dropped_links_count: U32 = dropped_links_count;
        status_mut: One(StatusMut) = status;
    }
    EventMut Event EventRef {
        set_time_unix_nano: Fixed64 = time_unix_nano;
        set_name: Text = name;
        attributes_mut: Attributes = attributes;
        set_dropped_attributes_count: U32 = dropped_attributes_count;
    }
    LinkMut Link LinkRef {
        set_trace_id: TraceId = trace_id;
        set_span_id: SpanId = span_id;
        set_trace_state: Text = trace_state;
        attributes_mut: Attributes = attributes;
        set_dropped_attributes_count: U32 = dropped_attributes_count;
        set_flags: Fixed32 = flags;
    }
    StatusMut Status StatusRef {
        set_message: Text = message;
        set_code: I32 = code;
    }
    LogRecordMut LogRecord LogRecordRef {
        set_time_unix_nano: Fixed64 = time_unix_nano;
        set_observed_time_unix_nano: Fixed64 = observed_time_unix_nano;
        set_severity_number: I32 = severity_number;
        set_severity_text: Text = severity_text;
        body_mut: Value = body;
        attributes_mut: Attributes = attributes;
        set_dropped_attributes_count: U32 = dropped_attributes_count;
        set_flags: Fixed32 = flags;
        set_trace_id: TraceId = trace_id;
        set_span_id: SpanId = span_id;
        set_event_name: Text = event_name;
    }
    NumberDataPointMut NumberDataPoint NumberDataPointRef {
        attributes_mut: Attributes = attributes;
        set_start_time_unix_nano: Fixed64 = start_time_unix_nano;
        set_time_unix_nano: Fixed64 = time_unix_nano;
        exemplars_mut: List(ExemplarMut) = exemplars;
        set_flags: U32 = flags;
    }
    HistogramDataPointMut HistogramDataPoint HistogramDataPointRef {
        attributes_mut: Attributes = attributes;
        set_start_time_unix_nano: Fixed64 = start_time_unix_nano;
        set_time_unix_nano: Fixed64 = time_unix_nano;
        set_count: Fixed64 = count;
        set_sum: MaybeDouble = sum;
        set_bucket_counts: Counts = bucket_counts;
        set_explicit_bounds: Bounds = explicit_bounds;
        exemplars_mut: List(ExemplarMut) = exemplars;
        set_flags: U32 = flags;
        set_min: MaybeDouble = min;
        set_max: MaybeDouble = max;
    }
    ExponentialHistogramDataPointMut ExponentialHistogramDataPoint ExponentialHistogramDataPointRef {
        attributes_mut: Attributes = attributes;
        set_start_time_unix_nano: Fixed64 = start_time_unix_nano;
        set_time_unix_nano: Fixed64 = time_unix_nano;
        set_count: Fixed64 = count;
        set_sum: MaybeDouble = sum;
        set_scale: S32 = scale;
        set_zero_count: Fixed64 = zero_count;
        positive_mut: One(BucketsMut) = positive;
        negative_mut: One(BucketsMut) = negative;
        set_flags: U32 = flags;
        exemplars_mut: List(ExemplarMut) = exemplars;
        set_min: MaybeDouble = min;
        set_max: MaybeDouble = max;
        set_zero_threshold: Double = zero_threshold;
    }
    BucketsMut Buckets BucketsRef {
        set_offset: S32 = offset;
        set_bucket_counts: VarCounts = bucket_counts;
    }
    SummaryDataPointMut SummaryDataPoint SummaryDataPointRef {
        attributes_mut: Attributes = attributes;
        set_start_time_unix_nano: Fixed64 = start_time_unix_nano;
        set_time_unix_nano: Fixed64 = time_unix_nano;
        set_count: Fixed64 = count;
        set_sum: Double = sum;
        quantile_values_mut: List(ValueAtQuantileMut) = quantile_values;
        set_flags: U32 = flags;
    }
    ValueAtQuantileMut ValueAtQuantile ValueAtQuantileRef {
        set_quantile: Double = quantile;
        set_value: Double = value;
    }
    ExemplarMut Exemplar ExemplarRef {
        filtered_attributes_mut: Attributes = filtered_attributes;
        set_time_unix_nano: Fixed64 = time_unix_nano;
        set_trace_id: TraceId = trace_id;
        set_span_id: SpanId = span_id;
    }
}

impl NumberDataPointMut<'_> {
    /// Sets the point's value.
    pub fn set_value(&mut self, value: Number) {
        set_number(&mut self.0, value, numbers::NumberDataPoint::as_double, numbers::NumberDataPoint::as_int);
    }
}

impl ExemplarMut<'_> {
    /// Sets the exemplar's value.
    pub fn set_value(&mut self, value: Number) {
        set_number(&mut self.0, value, numbers::Exemplar::as_double, numbers::Exemplar::as_int);
    }
}

fn set_number(message: &mut MessageMut<'_>, value: Number, double: u32, int: u32) {
    match value {
        Number::Empty => {
            message.clear(double);
            message.clear(int);
        }
        Number::Double(value) => {
            message.clear(int);
            message.set(double, |to| put::fixed64(to, double, value.to_bits()));
        }
        Number::Int(value) => {
            message.clear(double);
            message.set(int, |to| put::fixed64(to, int, value.cast_unsigned()));
        }
    }
}
