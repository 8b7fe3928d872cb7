// The limit over HTTP/1.1: undici's Pool and nothing else. No deadline, no cancellation, no retry, no check of anything; a
// promise for each call, constant text around the variables, JSON.parse.

import { Pool } from 'undici';
import { bodyOf, dataOf, headers } from './raw.js';

class Handler {
  #chunks = [];

  constructor(resolve, reject) {
    this.resolve = resolve;
    this.reject = reject;
  }

  onRequestStart() {}

  onResponseStart() {}

  onResponseData(_controller, chunk) {
    this.#chunks.push(chunk);
  }

  onResponseEnd() {
    this.resolve(dataOf(this.#chunks));
  }

  onResponseError(_controller, error) {
    this.reject(error);
  }
}

export function open({ http1 }) {
  const { origin, pathname: path } = new URL(http1);
  // As Holdfast uses undici: as many sockets, one request at a time on each, no timers of undici's.
  const pool = new Pool(origin, { connections: 64, pipelining: 1, allowH2: false });
  return (variables) =>
    new Promise((resolve, reject) => {
      const body = bodyOf(variables);
      pool.dispatch(
        { origin, path, method: 'POST', headers, body, headersTimeout: 0, bodyTimeout: 0 },
        new Handler(resolve, reject),
      );
    });
}
