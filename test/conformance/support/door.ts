// How connections are turned away in front of a server: by a proxy that resets them, or because nobody listens, which proves
// that nothing was sent.

import type { FaultProxy } from '../../../src/testing/fault-proxy.js';

export type TurnsAway = 'resets' | 'is deaf';

export function turnAway(proxy: FaultProxy, how: TurnsAway): void {
  if (how === 'resets') proxy.refuse();
  else proxy.shut();
}

export async function letIn(proxy: FaultProxy): Promise<void> {
  proxy.accept();
  await proxy.open();
}
