"""Asks a gRPC health service: `check` or `watch`, where, and for which service. Prints a status a line, the end too."""

import sys

import grpc

NAMES = {0: "UNKNOWN", 1: "SERVING", 2: "NOT_SERVING", 3: "SERVICE_UNKNOWN"}


def request(service):
    name = service.encode()
    return b"\x0a" + bytes([len(name)]) + name if name else b""


def status(response):
    assert response[:1] == b"\x08" and len(response) == 2, response
    return NAMES[response[1]]


method, address, service = sys.argv[1:]
channel = grpc.insecure_channel(address)
try:
    if method == "check":
        call = channel.unary_unary("/grpc.health.v1.Health/Check", request, status)
        print(call(service, timeout=20))
    else:
        call = channel.unary_stream("/grpc.health.v1.Health/Watch", request, status)
        for answer in call(service, timeout=60):
            print(answer, flush=True)
except grpc.RpcError as error:
    print(error.code().name, error.details())
