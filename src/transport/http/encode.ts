// From an operation to the HTTP request that asks for it. GraphQL over HTTP, section "Request"; GraphQL over SSE and the
// multipart protocols for what may answer.

import { mayComeInParts } from '../../protocol/document.js';
import { operationText } from '../../protocol/operation-text.js';
import type { OperationRequest } from '../contract.js';
import type { HttpRequest } from './exchange.js';
import { inLowerCase, type ResolvedHttpOptions, type StreamFormat } from './options.js';
import { preflightHeaders, type UploadBody } from './upload-body.js';

type Headers = Readonly<Record<string, string>>;

/** Servers and proxies refuse addresses that are much longer. */
const longestAddress = 2_048;

const answerTypes = 'application/graphql-response+json, application/json;q=0.9';

/**
 * Some servers of multipart subscriptions look for the boundary of the protocol's own examples; for those that follow RFC 9110,
 * section 12.5.1, a type must have all that is asked for, and theirs has another boundary or no name for its protocol.
 */
const eventTypes: Readonly<Record<StreamFormat, string>> = {
  sse: 'text/event-stream',
  multipart:
    'multipart/mixed;boundary=graphql;subscriptionSpec=1.0, multipart/mixed;subscriptionSpec=1.0, multipart/mixed',
};

/** Servers of both formats of incremental delivery are asked in their own words. */
const partTypes: Readonly<Record<StreamFormat, string>> = {
  sse: 'text/event-stream',
  multipart: 'multipart/mixed;incrementalSpec=v0.2, multipart/mixed;deferSpec=20220824, multipart/mixed',
};

const jsonBody = { 'content-type': 'application/json' };

/** The forms in which an answer may come: whole, in parts, as events. */
type Form = 'answer' | 'parts' | 'events';
type FormHeaders = Readonly<Record<Form, Headers>>;

export class RequestEncoder {
  readonly #options: ResolvedHttpOptions;
  readonly #path: string;
  /** Of every request with the same credentials: made once. */
  #headers: FormHeaders;
  #incremental = { query: '', yes: false };

  constructor(options: ResolvedHttpOptions, credentials: Headers | undefined) {
    const { address } = options;
    this.#options = options;
    this.#path = address.pathname + address.search;
    this.#headers = this.#headersWith(credentials);
  }

  /** The headers of the credentials from now on. */
  authorise(credentials: Headers | undefined): void {
    this.#headers = this.#headersWith(credentials);
  }

  /** The request of an operation with files, which `form` writes. */
  encodeForm(request: OperationRequest, { body, contentType }: UploadBody): HttpRequest {
    const headers = {
      ...this.#headers[this.#form(request)],
      ...preflightHeaders,
      ...inLowerCase(request.headers),
      'content-type': contentType,
    };
    return { method: 'POST', path: this.#path, headers, body, longLived: request.kind === 'subscription' };
  }

  encode(request: OperationRequest): HttpRequest {
    const form = this.#form(request);
    const method = this.#method(request);
    const longLived = form === 'events';
    // A content type also where there is no body: servers take it as proof that the request is not a page's simple one.
    const headers =
      request.headers === undefined ? this.#headers[form] : { ...this.#headers[form], ...inLowerCase(request.headers) };
    if (method === 'GET') {
      const path = this.#addressOf(request);
      if (this.#options.address.origin.length + path.length <= longestAddress)
        return { method, path, headers, body: undefined, longLived };
    }
    return {
      method: method === 'GET' ? 'POST' : method,
      path: this.#path,
      headers,
      body: operationText(request),
      longLived,
    };
  }

  /** The request of a batch, whose entries all have the headers of this one. */
  encodeBatch({ headers }: OperationRequest, body: string): HttpRequest {
    return {
      method: 'POST',
      path: this.#path,
      headers: headers === undefined ? this.#headers.answer : { ...this.#headers.answer, ...inLowerCase(headers) },
      body,
      longLived: false,
    };
  }

  #headersWith(credentials: Headers | undefined): FormHeaders {
    const { streams, headers } = this.#options;
    const common = { ...jsonBody, ...headers, ...inLowerCase(credentials) };
    const streamed = (types: Readonly<Record<StreamFormat, string>>): string =>
      [...streams.map((format) => types[format]), answerTypes].join(', ');
    // Servers that know nothing else may compare it as a text, as graphql-sse does.
    const onlySse = streams.every((format) => format === 'sse');
    return {
      answer: { accept: answerTypes, ...common },
      parts: { accept: streamed(partTypes), ...common },
      events: { accept: onlySse ? eventTypes.sse : streamed(eventTypes), ...common },
    };
  }

  #form(request: OperationRequest): Form {
    if (request.kind === 'subscription') return 'events';
    return (request.incremental ?? this.#mayComeInParts(request.query)) ? 'parts' : 'answer';
  }

  /** A program asks the same few documents over and over: the last one is remembered. */
  #mayComeInParts(query: string): boolean {
    if (query !== this.#incremental.query) {
      this.#incremental = { query, yes: mayComeInParts(query) };
    }
    return this.#incremental.yes;
  }

  #method({ kind, query }: OperationRequest): 'POST' | 'GET' | 'QUERY' {
    if (kind !== 'query') return 'POST';
    return query === '' ? this.#options.hashedQueryMethod : this.#options.queryMethod;
  }

  #addressOf({ query, documentId, operationName, variables, extensions }: OperationRequest): string {
    const { pathname, search } = this.#options.address;
    const parameters = new URLSearchParams();
    if (query !== '') parameters.set('query', query);
    if (documentId !== undefined) parameters.set('documentId', documentId);
    if (operationName !== undefined) parameters.set('operationName', operationName);
    if (variables !== undefined) parameters.set('variables', variables.text);
    if (extensions !== undefined) parameters.set('extensions', extensions.text);
    // What the address has of its own stays as it is: it may be signed.
    return `${pathname}${search === '' ? '?' : `${search}&`}${parameters}`;
  }
}
