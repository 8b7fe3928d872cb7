// A class that owns one session for as long as it lives, and hides it: its callers know greetings, not GraphQL.

import { createSession } from 'holdfast';
import { webSocket } from 'holdfast/websocket';

const helloQuery = 'query Hello($name: String!) { hello(name: $name) }';

export class GreetingService {
  #session;

  /** Connects in the background. @param {string} address as in `ws://127.0.0.1:4000/graphql` */
  constructor(address) {
    this.#session = createSession({ transport: webSocket(address) });
  }

  /** Resolves when the server can be asked; rejects with a ConnectError when that takes longer than ten seconds. */
  async initialise() {
    await this.#session.ready({ deadlineMs: 10_000 });
  }

  /** May be called by anybody at any time, also while the connection is down: the call waits for it. @param {string} name */
  async greet(name) {
    const { hello } = await this.#session.execute(helloQuery, { name });
    return hello;
  }

  /** Nothing of it is left afterwards. May be called twice. */
  async close() {
    await this.#session.close();
  }
}
