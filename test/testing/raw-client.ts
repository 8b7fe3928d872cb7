// A WebSocket client that knows no GraphQL: it sends what a test says and records what comes back.
import { type ClientOptions, WebSocket } from 'ws';
import { eventually } from './eventually.js';

const both: string[] = ['graphql-transport-ws', 'graphql-ws'];

export class RawClient {
  readonly socket: WebSocket;
  /** Parsed where it was JSON; binary messages as `binary <text>`. */
  readonly messages: unknown[] = [];
  opened = false;
  closeCode: number | undefined;
  closeReason: string | undefined;
  error: string | undefined;
  /** The HTTP answer, where the upgrade was refused. */
  refusal: { status: number | undefined; retryAfter: string | undefined; body: string } | undefined;
  readonly pongs: string[] = [];

  constructor(url: string, protocols: string[] = both, options: ClientOptions = {}) {
    this.socket = new WebSocket(url, protocols, options);
    this.socket.on('open', () => {
      this.opened = true;
    });
    this.socket.on('message', (data, isBinary) =>
      this.messages.push(isBinary ? `binary ${data}` : parse(String(data))),
    );
    this.socket.on('pong', (data) => this.pongs.push(String(data)));
    this.socket.on('close', (code, reason) => {
      this.closeCode = code;
      this.closeReason = reason.toString();
    });
    this.socket.on('error', (error) => {
      this.error = error.message;
    });
    this.socket.on('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (bytes) => {
        body += bytes;
      });
      response.on('end', () => {
        this.refusal = { status: response.statusCode, retryAfter: response.headers['retry-after'], body };
      });
    });
  }

  send(...messages: readonly unknown[]): void {
    for (const message of messages) this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async open(): Promise<this> {
    await eventually(() => this.opened, true);
    return this;
  }

  /** Opens, sends `connection_init` and waits for the ack. */
  async ready(): Promise<this> {
    await this.open();
    this.send({ type: 'connection_init' });
    await eventually(() => this.messages.some((message) => isAck(message)), true);
    this.messages.length = 0;
    return this;
  }
}

/** The message that starts an operation in graphql-transport-ws. */
export function subscribe(id: string, query: string, variables?: object): object {
  return { type: 'subscribe', id, payload: { query, variables } };
}

/** The message that starts an operation in graphql-ws. */
export function start(id: string, query: string): object {
  return { type: 'start', id, payload: { query } };
}

function isAck(message: unknown): boolean {
  return (message as { type?: unknown }).type === 'connection_ack';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
