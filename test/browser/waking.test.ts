// A page that comes back: its session looks after the connection at once, and not when its timers come round.

import { expect, test } from 'vitest';
import { startJournal, startProxy } from '../session/behaviour/support/starting.js';
import { openPage } from './support/open-page.js';

test('a page that is shown pings its server, and one whose network is back cuts its wait short', async (t) => {
  const page = await openPage(t);
  // The page comes from a site of its own.
  const server = await startJournal({ allowedOrigins: ['*'] });
  const proxy = await startProxy(server);
  proxy.refuse();
  const told = await page.run(
    'test/browser/modules/waking.js',
    { url: server.url, refusedUrl: proxy.url('ws', '/graphql') },
    {
      setVisible: (visible: boolean) => page.setVisible(visible),
      setOffline: (offline: boolean) => page.setOffline(offline),
      heal: () => proxy.accept(),
    },
  );
  expect(told).toEqual({ generation: 1, status: 'waiting', healed: 'ready' });
});
