// The four requests of GraphQL over SSE, "single connection mode": reserve a stream, open it, ask for an operation, stop one.
// Accept headers name one type each, because servers compare them as texts.

import { JsonText } from '../../../protocol/json-text.js';
import { operationText } from '../../../protocol/operation-text.js';
import type { OperationRequest, Request } from '../../contract.js';
import type { HttpRequest } from '../exchange.js';
import { inLowerCase, type ResolvedHttpOptions } from '../options.js';
import { preflightHeaders, type UploadBody } from '../upload-body.js';

type Headers = Readonly<Record<string, string>>;

const tokenHeader = 'x-graphql-event-stream-token';

export class SharedRequests {
  readonly #options: ResolvedHttpOptions;
  readonly #path: string;
  #common: Headers;
  #token: Headers = {};

  constructor(options: ResolvedHttpOptions, credentials: Headers | undefined) {
    const { address } = options;
    this.#options = options;
    this.#path = address.pathname + address.search;
    this.#common = this.#headersWith(credentials);
  }

  /** The headers of the credentials from now on. */
  authorise(credentials: Headers | undefined): void {
    this.#common = this.#headersWith(credentials);
  }

  reserve(): HttpRequest {
    return this.#request('PUT', { ...this.#common, accept: '*/*' });
  }

  /** From now on every request carries the token. */
  open(token: string): HttpRequest {
    this.#token = { [tokenHeader]: token };
    return {
      ...this.#request('GET', { ...this.#common, accept: 'text/event-stream', ...this.#token }),
      longLived: true,
    };
  }

  /** `request`: as `named` gives it. `form`: what writes its body, where that is of files. */
  operation(request: OperationRequest, form: UploadBody | undefined): HttpRequest {
    const { headers } = request;
    const given = {
      accept: 'application/json',
      'content-type': 'application/json',
      ...this.#common,
      ...inLowerCase(headers),
    };
    if (form === undefined) {
      return { ...this.#request('POST', { ...given, ...this.#token }), body: operationText(request) };
    }
    const { body, contentType } = form;
    const sent = { ...preflightHeaders, ...given, 'content-type': contentType, ...this.#token };
    return { ...this.#request('POST', sent), body };
  }

  stop(id: string): HttpRequest {
    const { pathname, search } = this.#options.address;
    const parameters = new URLSearchParams(search);
    parameters.set('operationId', id);
    return { ...this.#request('DELETE', { ...this.#common, ...this.#token }), path: `${pathname}?${parameters}` };
  }

  #request(method: HttpRequest['method'], headers: Headers): HttpRequest {
    return { method, path: this.#path, headers, body: undefined, longLived: false };
  }

  #headersWith(credentials: Headers | undefined): Headers {
    return { ...this.#options.headers, ...inLowerCase(credentials) };
  }
}

/** The same request, which says by which id its events are to come. The last member of a name is the one that counts. */
export function named<Asked extends Request>(request: Asked): Asked {
  const others = request.extensions?.text.trim().slice(1, -1).trim() ?? '';
  const own = `"operationId":${JSON.stringify(request.id)}`;
  return { ...request, extensions: new JsonText(`{${others === '' ? own : `${others},${own}`}}`) };
}
