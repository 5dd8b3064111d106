"""Sends spans with the Zipkin client py_zipkin.

Usage: zipkin.py URL. Posts a server's span and its child in each encoding that the client has, to URL/api/v1/spans or
URL/api/v2/spans; fails if one is not accepted.
"""

import sys
import urllib.request

from py_zipkin import Encoding, Kind
from py_zipkin.transport import BaseTransportHandler
from py_zipkin.zipkin import zipkin_client_span, zipkin_span

MEDIA = {
    Encoding.V1_JSON: ("v1", "application/json"),
    Encoding.V2_JSON: ("v2", "application/json"),
    Encoding.V2_PROTO3: ("v2", "application/x-protobuf"),
}


class Poster(BaseTransportHandler):
    def __init__(self, url, media):
        self.url, self.media = url, media

    def get_max_payload_bytes(self):
        return None

    def send(self, payload):
        body = payload if isinstance(payload, bytes) else payload.encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": self.media})
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 202, answer.status


def main(url):
    for encoding, (version, media) in MEDIA.items():
        with zipkin_span(
            service_name="shop",
            span_name=f"{encoding.value} server",
            transport_handler=Poster(f"{url}/api/{version}/spans", media),
            host="10.1.2.3",
            port=8080,
            sample_rate=100.0,
            kind=Kind.SERVER,
            binary_annotations={"paid": "true"},
            encoding=encoding,
        ):
            with zipkin_client_span(service_name="shop", span_name=f"{encoding.value} child") as child:
                child.add_annotation("rows")


if __name__ == "__main__":
    main(*sys.argv[1:])
