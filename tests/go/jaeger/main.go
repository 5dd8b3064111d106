// Command jaeger sends spans as Jaeger's clients do, with the code that Jaeger generates from its own definitions.
//
//	jaeger GRPC HTTP COMPACT BINARY
//
// Each endpoint that is not empty gets a batch of two spans of the service "shop", a server's and its child, named for the
// protocol.
package main

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/apache/thrift/lib/go/thrift"
	"github.com/jaegertracing/jaeger-idl/model/v1"
	"github.com/jaegertracing/jaeger-idl/proto-gen/api_v2"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/agent"
	"github.com/jaegertracing/jaeger-idl/thrift-gen/jaeger"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const start = 1_760_000_000_000_000 // microseconds

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: jaeger GRPC HTTP COMPACT BINARY")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for nth, send := range []func(endpoint string) error{
		func(endpoint string) error { return overGRPC(ctx, endpoint) },
		func(endpoint string) error { return overHTTP(ctx, endpoint) },
		func(endpoint string) error { return overUDP(ctx, endpoint, "compact", thrift.NewTCompactProtocolFactoryConf(nil)) },
		func(endpoint string) error { return overUDP(ctx, endpoint, "binary", thrift.NewTBinaryProtocolFactoryConf(nil)) },
	} {
		endpoint := os.Args[1+nth]
		if endpoint == "" {
			continue
		}
		if err := send(endpoint); err != nil {
			log.Fatalf("%s: %v", endpoint, err)
		}
	}
}

func overGRPC(ctx context.Context, endpoint string) error {
	conn, err := grpc.NewClient(endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	began := time.UnixMicro(start).UTC()
	trace := model.NewTraceID(1, 2)
	batch := model.Batch{
		Process: model.NewProcess("shop", []model.KeyValue{model.String("hostname", "h"), model.Int64("cpus", 8)}),
		Spans: []*model.Span{
			{
				TraceID: trace, SpanID: model.NewSpanID(3), OperationName: "grpc server", StartTime: began,
				Duration: 5 * time.Millisecond, Flags: 1,
				Tags: []model.KeyValue{model.String("span.kind", "server"), model.Bool("paid", true), model.Float64("total", 9.5)},
				Logs: []model.Log{{Timestamp: began.Add(time.Millisecond), Fields: []model.KeyValue{model.String("event", "rows")}}},
			},
			{
				TraceID: trace, SpanID: model.NewSpanID(4), OperationName: "grpc child", StartTime: began,
				Duration: time.Millisecond, References: []model.SpanRef{model.NewChildOfRef(trace, model.NewSpanID(3))},
				Tags: []model.KeyValue{model.Bool("error", true), model.Binary("bytes", []byte{0, 255})},
			},
		},
	}
	_, err = api_v2.NewCollectorServiceClient(conn).PostSpans(ctx, &api_v2.PostSpansRequest{Batch: batch})
	return err
}

func overHTTP(ctx context.Context, endpoint string) error {
	body, err := thrift.NewTSerializer().Write(ctx, batch("http"))
	if err != nil {
		return err
	}
	answer, err := http.Post("http://"+endpoint+"/api/traces?format=jaeger.thrift", "application/x-thrift", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}

func overUDP(ctx context.Context, endpoint, name string, protocol thrift.TProtocolFactory) error {
	packet := thrift.NewTMemoryBuffer()
	if err := agent.NewAgentClientFactory(packet, protocol).EmitBatch(ctx, batch(name)); err != nil {
		return err
	}
	conn, err := net.Dial("udp", endpoint)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Write(packet.Bytes())
	return err
}

func batch(name string) *jaeger.Batch {
	text := func(key, value string) *jaeger.Tag {
		return &jaeger.Tag{Key: key, VType: jaeger.TagType_STRING, VStr: &value}
	}
	yes, eight, total := true, int64(8), 9.5
	return &jaeger.Batch{
		Process: &jaeger.Process{
			ServiceName: "shop",
			Tags:        []*jaeger.Tag{text("hostname", "h"), {Key: "cpus", VType: jaeger.TagType_LONG, VLong: &eight}},
		},
		Spans: []*jaeger.Span{
			{
				TraceIdHigh: 1, TraceIdLow: 2, SpanId: 3, OperationName: name + " server", Flags: 1, StartTime: start, Duration: 5000,
				Tags: []*jaeger.Tag{
					text("span.kind", "server"), {Key: "paid", VType: jaeger.TagType_BOOL, VBool: &yes},
					{Key: "total", VType: jaeger.TagType_DOUBLE, VDouble: &total},
				},
				Logs: []*jaeger.Log{{Timestamp: start + 1000, Fields: []*jaeger.Tag{text("event", "rows")}}},
			},
			{
				TraceIdHigh: 1, TraceIdLow: 2, SpanId: 4, ParentSpanId: 3, OperationName: name + " child", StartTime: start, Duration: 1000,
				Tags: []*jaeger.Tag{
					{Key: "error", VType: jaeger.TagType_BOOL, VBool: &yes},
					{Key: "bytes", VType: jaeger.TagType_BINARY, VBinary: []byte{0, 255}},
				},
			},
		},
	}
}
