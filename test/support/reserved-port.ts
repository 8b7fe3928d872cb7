// A port that belongs to one test although nobody listens there: for clients that shall find nobody, and for servers in other
// processes that are told their port. A port that was merely free a moment ago may be somebody else's by now.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A port of 127.0.0.1, until the test is over. A connection keeps it: the system gives it to nobody who asks for any port, and
 * lets whoever asks for it by its number listen.
 */
export async function reservedPort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  const [accepted]: Socket[] = await once(listener, 'connection');
  listener.close();
  for (const end of [client, accepted]) end?.on('error', () => undefined);
  onTestFinished(() => {
    client.destroy();
    accepted?.destroy();
  });
  return port;
}
