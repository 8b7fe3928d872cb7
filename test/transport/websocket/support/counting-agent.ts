// An agent whose connections count what is handed to the kernel: one entry for each write, with its bytes and whatever it
// gathers.

import { Agent } from 'node:http';
import { connect, type NetConnectOpts, type Socket } from 'node:net';

export class CountingAgent extends Agent {
  /** The bytes of each write, in order. */
  readonly writes: number[] = [];

  override createConnection(options: unknown): Socket {
    const socket = connect(options as NetConnectOpts);
    const write = socket._write.bind(socket);
    const gather = socket._writev?.bind(socket);
    socket._write = (chunk, encoding, written) => {
      this.writes.push(chunk.length);
      write(chunk, encoding, written);
    };
    socket._writev = (chunks, written) => {
      this.writes.push(chunks.reduce((bytes, { chunk }) => bytes + chunk.length, 0));
      gather?.(chunks, written);
    };
    return socket;
  }
}
