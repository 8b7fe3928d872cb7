// `holdfast/otel`: traces of sessions and servers with OpenTelemetry, through the optional peer @opentelemetry/api.

export type { OpenTelemetryApi, Span, TextMapGetter, Tracer, TracingOptions } from './api.js';
export { type TraceClientOptions, traceClient } from './trace-client.js';
export { type TraceServerOptions, traceServer } from './trace-server.js';
