//! The one description of OTLP 1.x, from which the checker, the views, the editors and JSON are all made, so that they
//! cannot disagree.
//!
//! `otlp!(generator)` hands the list to the macro `generator`. A line is a message, the name of its view,
//! and its fields in the order in which the Go collector writes them to JSON: number, name as in the `.proto` files, kind.
//!
//! * varints: `U32 I32 S32` (zigzag) `I64 Bool Enum(values)`; fixed: `Fixed64 SFixed64 Double Fixed32`
//! * with a length: `Str Strs Bytes TraceId SpanId`, packed or one by one: `Fixed64s Doubles Varints`
//! * messages: `One(T)` single, `Many(T)` repeated, `Item(T)` repeated and counted, `Arm(T)` one kind of a metric's data
//! * `@oneof` marks members of the message's one oneof, `@opt` a scalar whose presence means something

/// Hands the schema to the macro `$gen`.
macro_rules! otlp { ($gen:ident) => { $gen! {
    TracesRequest TracesRequestRef { 1 resource_spans Many(ResourceSpans) }
    ResourceSpans ResourceSpansRef {
        1 resource One(Resource) 2 scope_spans Many(ScopeSpans) 3 schema_url Str }
    ScopeSpans ScopeSpansRef {
        1 scope One(InstrumentationScope) 2 spans Item(Span) 3 schema_url Str }
    Span SpanRef {
        1 trace_id TraceId 2 span_id SpanId 3 trace_state Str 4 parent_span_id SpanId 16 flags Fixed32 5 name Str
        6 kind Enum(SPAN_KIND) 7 start_time_unix_nano Fixed64 8 end_time_unix_nano Fixed64
        9 attributes Many(KeyValue) 10 dropped_attributes_count U32 11 events Many(Event) 12 dropped_events_count U32
        13 links Many(Link) 14 dropped_links_count U32 15 status One(Status) }
    Event EventRef {
        1 time_unix_nano Fixed64 2 name Str 3 attributes Many(KeyValue) 4 dropped_attributes_count U32 }
    Link LinkRef {
        1 trace_id TraceId 2 span_id SpanId 3 trace_state Str 4 attributes Many(KeyValue)
        5 dropped_attributes_count U32 6 flags Fixed32 }
    Status StatusRef { 2 message Str 3 code Enum(STATUS_CODE) }

    LogsRequest LogsRequestRef { 1 resource_logs Many(ResourceLogs) }
    ResourceLogs ResourceLogsRef {
        1 resource One(Resource) 2 scope_logs Many(ScopeLogs) 3 schema_url Str }
    ScopeLogs ScopeLogsRef {
        1 scope One(InstrumentationScope) 2 log_records Item(LogRecord) 3 schema_url Str }
    LogRecord LogRecordRef {
        1 time_unix_nano Fixed64 11 observed_time_unix_nano Fixed64 2 severity_number Enum(SEVERITY_NUMBER)
        3 severity_text Str 5 body One(AnyValue) 6 attributes Many(KeyValue) 7 dropped_attributes_count U32
        8 flags Fixed32 9 trace_id TraceId 10 span_id SpanId 12 event_name Str }

    MetricsRequest MetricsRequestRef { 1 resource_metrics Many(ResourceMetrics) }
    ResourceMetrics ResourceMetricsRef {
        1 resource One(Resource) 2 scope_metrics Many(ScopeMetrics) 3 schema_url Str }
    ScopeMetrics ScopeMetricsRef {
        1 scope One(InstrumentationScope) 2 metrics Many(Metric) 3 schema_url Str }
    Metric MetricRef {
        1 name Str 2 description Str 3 unit Str
        5 gauge Arm(Gauge) @oneof 7 sum Arm(Sum) @oneof 9 histogram Arm(Histogram) @oneof
        10 exponential_histogram Arm(ExponentialHistogram) @oneof 11 summary Arm(Summary) @oneof
        12 metadata Many(KeyValue) }
    Gauge GaugeRef { 1 data_points Item(NumberDataPoint) }
    Sum SumRef {
        1 data_points Item(NumberDataPoint) 2 aggregation_temporality Enum(TEMPORALITY) 3 is_monotonic Bool }
    Histogram HistogramRef {
        1 data_points Item(HistogramDataPoint) 2 aggregation_temporality Enum(TEMPORALITY) }
    ExponentialHistogram ExponentialHistogramRef {
        1 data_points Item(ExponentialHistogramDataPoint) 2 aggregation_temporality Enum(TEMPORALITY) }
    Summary SummaryRef { 1 data_points Item(SummaryDataPoint) }
    NumberDataPoint NumberDataPointRef {
        7 attributes Many(KeyValue) 2 start_time_unix_nano Fixed64 3 time_unix_nano Fixed64
        4 as_double Double @oneof 6 as_int SFixed64 @oneof 5 exemplars Many(Exemplar) 8 flags U32 }
    HistogramDataPoint HistogramDataPointRef {
        9 attributes Many(KeyValue) 2 start_time_unix_nano Fixed64 3 time_unix_nano Fixed64 4 count Fixed64
        5 sum Double @opt 6 bucket_counts Fixed64s 7 explicit_bounds Doubles 8 exemplars Many(Exemplar) 10 flags U32
        11 min Double @opt 12 max Double @opt }
    ExponentialHistogramDataPoint ExponentialHistogramDataPointRef {
        1 attributes Many(KeyValue) 2 start_time_unix_nano Fixed64 3 time_unix_nano Fixed64 4 count Fixed64
        5 sum Double @opt 6 scale S32 7 zero_count Fixed64 8 positive One(Buckets) 9 negative One(Buckets) 10 flags U32
        11 exemplars Many(Exemplar) 12 min Double @opt 13 max Double @opt 14 zero_threshold Double }
    Buckets BucketsRef { 1 offset S32 2 bucket_counts Varints }
    SummaryDataPoint SummaryDataPointRef {
        7 attributes Many(KeyValue) 2 start_time_unix_nano Fixed64 3 time_unix_nano Fixed64 4 count Fixed64 5 sum Double
        6 quantile_values Many(ValueAtQuantile) 8 flags U32 }
    ValueAtQuantile ValueAtQuantileRef { 1 quantile Double 2 value Double }
    Exemplar ExemplarRef {
        7 filtered_attributes Many(KeyValue) 2 time_unix_nano Fixed64 3 as_double Double @oneof 6 as_int SFixed64 @oneof
        5 trace_id TraceId 4 span_id SpanId }

    Resource ResourceRef {
        1 attributes Many(KeyValue) 2 dropped_attributes_count U32 3 entity_refs Many(EntityRef) }
    EntityRef EntityRefRef { 1 schema_url Str 2 type_ Str 3 id_keys Strs 4 description_keys Strs }
    InstrumentationScope ScopeRef {
        1 name Str 2 version Str 3 attributes Many(KeyValue) 4 dropped_attributes_count U32 }
    KeyValue KeyValueRef { 1 key Str 2 value One(AnyValue) 3 key_strindex I32 }
    AnyValue AnyValueRef {
        1 string_value Str @oneof 2 bool_value Bool @oneof 3 int_value I64 @oneof 4 double_value Double @oneof
        5 array_value One(ArrayValue) @oneof 6 kvlist_value One(KeyValueList) @oneof 7 bytes_value Bytes @oneof
        8 string_value_strindex I32 @oneof }
    ArrayValue ArrayValueRef { 1 values Many(AnyValue) }
    KeyValueList KeyValueListRef { 1 values Many(KeyValue) }
} } }

pub(crate) use otlp;

pub mod enums;
pub(crate) mod name;
pub mod numbers;
pub(crate) mod table;

#[cfg(test)]
mod tests;
