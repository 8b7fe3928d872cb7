// The server's door: a fault proxy on a port that can be shut. A proxy that turns connections away accepts them first and then
// resets them; where nobody listens, the kernel refuses them, which proves that nothing was sent.

import { createServer, type Server } from 'node:net';
import { systemClock } from '../../../src/session/clock.js';
import { FaultProxy } from '../../../src/testing/fault-proxy.js';

const host = '127.0.0.1';

/** How a door that is shut turns connections away: it resets them, or nobody listens. */
export type TurnsAway = 'resets' | 'is deaf';

export interface Door {
  readonly proxy: FaultProxy;
  shut(): void;
  open(): Promise<void>;
}

export async function putUpDoor(serverPort: number, turnsAway: TurnsAway): Promise<Door> {
  const listener = createServer({ allowHalfOpen: true, noDelay: true });
  const port = await listen(listener, 0);
  const proxy = new FaultProxy(listener, host, port, { port: serverPort }, systemClock);
  if (turnsAway === 'resets') return { proxy, shut: () => proxy.refuse(), open: async () => proxy.accept() };
  return {
    proxy,
    shut: () => {
      listener.close();
    },
    open: async () => {
      if (!listener.listening) await listen(listener, port);
    },
  };
}

function listen(listener: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, () => {
      listener.off('error', reject);
      const address = listener.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
