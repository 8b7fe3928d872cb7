// What is used of the package @opentelemetry/api, as types of our own, so that programs without it compile; and the one place
// that imports it.

import { importFailure } from '../../protocol/errors/import-failure.js';

type Attributes = Readonly<Record<string, string | number>>;

/** OpenTelemetry's immutable bag of values; only its API looks into it. */
export type Context = unknown;

export interface Span {
  setAttributes(attributes: Attributes): unknown;
  addEvent(name: string, attributes?: Attributes): unknown;
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  updateName(name: string): unknown;
  end(): void;
}

export interface Tracer {
  startSpan(
    name: string,
    options?: { readonly kind?: number; readonly attributes?: Attributes },
    context?: Context,
  ): Span;
}

export interface TextMapGetter<Carrier> {
  get(carrier: Carrier, key: string): string | undefined;
  keys(carrier: Carrier): string[];
}

/** The module @opentelemetry/api, as far as it is needed. */
export interface OpenTelemetryApi {
  readonly trace: {
    getTracer(name: string): Tracer;
    setSpan(context: Context, span: Span): Context;
    getSpanContext(context: Context): { readonly traceId: string; readonly spanId: string } | undefined;
  };
  readonly context: {
    active(): Context;
    with<T>(context: Context, work: () => T): T;
  };
  readonly propagation: {
    extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context;
    inject(context: Context, carrier: Record<string, string>): void;
  };
  readonly diag: { error(message: string, ...details: unknown[]): void };
  readonly SpanKind: { readonly SERVER: number; readonly CLIENT: number };
  readonly SpanStatusCode: { readonly ERROR: number };
}

export interface TracingOptions {
  /** The module `@opentelemetry/api`, where the program has loaded it anyway. Default: it is imported. */
  readonly api?: OpenTelemetryApi | undefined;
  /** Makes the spans. Default: the tracer `holdfast` of the provider that is registered with the API. */
  readonly tracer?: Tracer | undefined;
  /** Whether spans hold documents, and with them whatever values are written in these. Default `false`. */
  readonly document?: boolean | undefined;
}

/** @throws MissingDependencyError where it is not installed. */
export async function loadApi(
  load: () => Promise<OpenTelemetryApi> = () => import('@opentelemetry/api'),
): Promise<OpenTelemetryApi> {
  try {
    return await load();
  } catch (error) {
    throw importFailure(error, '@opentelemetry/api', '^1.9.0', 'holdfast/otel');
  }
}

/** OpenTelemetry's semantic conventions for GraphQL. */
export function operationAttributes(kind: string, name: string | undefined, document: string | undefined): Attributes {
  return {
    'graphql.operation.type': kind,
    ...(name === undefined ? {} : { 'graphql.operation.name': name }),
    ...(document === undefined ? {} : { 'graphql.document': document }),
  };
}
