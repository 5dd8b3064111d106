"""Sends telemetry with the OpenTelemetry SDK.

Usage: send.py grpc|http ENDPOINT [spans] [logs] [metrics], all three if none is named. Prints what the exporters were
given as OTLP/JSON, one export a line; fails if an export does.
"""

import base64
import json
import sys

from google.protobuf.json_format import MessageToDict
from opentelemetry import trace
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind, Status, StatusCode

T0 = 1_760_000_000_000_000_000
SCOPE = ("shop.checkout", "2.1.0")
SCHEMA = "https://opentelemetry.io/schemas/1.38.0"


def main(protocol, endpoint, *signals):
    resource = Resource(
        {"service.name": "checkout", "host.cpus": 8, "load": 0.25, "canary": True, "zones": ["a", "b"]},
        schema_url=SCHEMA,
    )
    exporters = [recorded(kind, encode, protocol, endpoint, path) for kind, encode, path in kinds(protocol)]
    failures = [
        send(resource, exporter)
        for send, exporter in zip((spans, logs, metrics), exporters)
        if not signals or send.__name__ in signals
    ]
    return 1 if any(failures) else 0


def kinds(protocol):
    """The exporters of a protocol, each with its encoder and its path."""
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    else:
        from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    return [
        (OTLPSpanExporter, encode_spans, "/v1/traces"),
        (OTLPLogExporter, encode_logs, "/v1/logs"),
        (OTLPMetricExporter, encode_metrics, "/v1/metrics"),
    ]


def recorded(kind, encode, protocol, endpoint, path):
    """An exporter that prints what it exports and remembers whether that failed."""

    class Recorded(kind):
        failed = False

        def export(self, data, *args, **kwargs):
            print(json.dumps(hex_ids(MessageToDict(encode(data), use_integers_for_enums=True))))
            result = super().export(data, *args, **kwargs)
            self.failed |= result.name != "SUCCESS"
            return result

    options = {"timeout": 10}
    if kind.__name__ == "OTLPMetricExporter":
        options["preferred_temporality"] = {Histogram: AggregationTemporality.DELTA}
    if protocol == "grpc":
        return Recorded(endpoint=endpoint, insecure=True, **options)
    return Recorded(endpoint=endpoint + path, **options)


def hex_ids(value, key=None):
    """OTLP/JSON writes ids in hex where protobuf's JSON has base64."""
    if isinstance(value, dict):
        return {key: hex_ids(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [hex_ids(inner) for inner in value]
    if key in ("traceId", "spanId", "parentSpanId"):
        return base64.b64decode(value).hex()
    return value


def spans(resource, exporter):
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer(*SCOPE, schema_url=SCHEMA)
    first = None
    for order in range(25):
        span = tracer.start_span(
            f"POST /orders/{order}",
            kind=SpanKind.SERVER,
            attributes={"order": order, "total": 9.5 * order, "paid": order % 2 == 0, "items": ["tea", "é"]},
            links=[Link(first, {"why": "first order"})] if first else None,
            start_time=T0 + order,
        )
        first = first or span.get_span_context()
        parent = trace.set_span_in_context(span)
        child = tracer.start_span("SELECT", parent, SpanKind.CLIENT, start_time=T0 + order + 1)
        child.add_event("rows", {"count": order}, timestamp=T0 + order + 2)
        if order % 5 == 0:
            child.set_status(Status(StatusCode.ERROR, "deadlock"))
        child.end(T0 + order + 3)
        span.end(T0 + order + 1_000_000)
    provider.shutdown()
    return exporter.failed


def logs(resource, exporter):
    provider = LoggerProvider(resource=resource)
    provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
    logger = provider.get_logger(*SCOPE, schema_url=SCHEMA)
    bodies = [
        "plain text",
        "päck\n\"quotes\" \\ \u0001",
        42,
        1.5,
        True,
        ["a", 1],
        {"user": {"id": 7, "tags": ["x"]}},
        b"\x00\xff",
        None,
    ]
    for number, body in enumerate(bodies):
        logger.emit(
            LogRecord(
                timestamp=T0 + number,
                observed_timestamp=T0 + number + 5,
                severity_number=SeverityNumber.WARN,
                severity_text="WARN",
                event_name="cart.updated" if number % 2 else None,
                body=body,
                attributes={"number": number},
            )
        )
    provider.shutdown()
    return exporter.failed


def metrics(resource, exporter):
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=3_600_000)
    sizes = View(instrument_name="size", aggregation=ExponentialBucketHistogramAggregation())
    provider = MeterProvider(metric_readers=[reader], resource=resource, views=[sizes])
    meter = provider.get_meter(*SCOPE, schema_url=SCHEMA)
    orders = meter.create_counter("orders", "1", "Orders placed")
    queue = meter.create_up_down_counter("queue", "{order}")
    latency = meter.create_histogram("latency", "ms")
    size = meter.create_histogram("size", "By")
    temperature = meter.create_gauge("temperature", "Cel")
    for number in range(100):
        attributes = {"shop": f"shop-{number % 4}"}
        orders.add(1, attributes)
        queue.add(-1 if number % 3 else 4, attributes)
        latency.record(number * 1.25, attributes)
        size.record(2 ** (number % 20), attributes)
        temperature.set(-3.5 + number, attributes)
    provider.shutdown()
    return exporter.failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
