// The API of a schema in a real browser, from plain ES modules: the schema is asked of our server, and `graphql` is not there.

import { expect, test } from 'vitest';
import { startJournal } from '../session/behaviour/support/starting.js';
import { until } from '../session/behaviour/support/waiting.js';
import { openPage } from './support/open-page.js';

test('an API is opened, runs every kind of operation, and refuses what the schema does not allow', async (t) => {
  const page = await openPage(t);
  const server = await startJournal({ allowedOrigins: ['*'], development: true });
  const publish = async (number: number) => {
    await until(() => server.subscriptions.running === 1);
    server.publish(number);
  };
  const told = await page.run('test/browser/modules/typed-api.js', { url: server.url }, { publish });
  expect(told).toMatchObject({
    roots: [expect.arrayContaining(['echo']), expect.arrayContaining(['add']), expect.arrayContaining(['numbers'])],
    query: 'grüß dich',
    several: { one: '1', two: '2' },
    mutation: 1,
    events: [{ type: 'data', data: 7, replayed: false }],
    refused: {
      name: 'ValidationError',
      path: ['query', 'echo', 'txet'],
      message: expect.stringContaining('Did you mean "text"?'),
    },
  });
  expect(server.journal).toEqual(['one']);
  expect(page.log).toEqual([]);
});
