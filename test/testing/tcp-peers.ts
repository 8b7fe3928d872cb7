// Raw TCP peers for the proxy's tests: a server that keeps its sockets, and a recorder of what one socket sees.
import { connect, createServer, type Socket } from 'node:net';
import { listen } from '../../src/testing/listen.js';

/** What one socket saw: chunks, and how it ended. */
export class Peer {
  readonly chunks: Buffer[] = [];
  readonly socket: Socket;
  ended = false;
  closed = false;
  error: string | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => this.chunks.push(bytes));
    socket.on('end', () => {
      this.ended = true;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code ?? error.message;
    });
    socket.on('close', () => {
      this.closed = true;
    });
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }
}

export interface TcpServer extends AsyncDisposable {
  readonly port: number;
  readonly peers: readonly Peer[];
}

/** A server that records its peers, on a free port. */
export async function tcpServer(allowHalfOpen = false): Promise<TcpServer> {
  const peers: Peer[] = [];
  const server = createServer({ allowHalfOpen, noDelay: true }, (socket) => peers.push(new Peer(socket)));
  const port = await listen('The test server', server, '127.0.0.1', 0);
  return {
    port,
    peers,
    async [Symbol.asyncDispose]() {
      for (const peer of peers) peer.socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A client's socket through `port`, recorded. */
export function tcpClient(port: number, allowHalfOpen = false): Peer {
  return new Peer(connect({ port, host: '127.0.0.1', allowHalfOpen, noDelay: true }));
}

/** Lets everything that is on its way between sockets of this process arrive: some turns of the event loop. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
