import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { startServer } from '../../server/support/serving.js';

test('every audit of GraphQL over HTTP passes, also what is only recommended', async () => {
  await using t = await startServer();
  const audits = serverAudits({ url: t.url, fetchFn: fetch });
  expect(audits.length).toBeGreaterThan(50);
  const failed: unknown[] = [];
  for (const audit of audits) {
    const outcome = await audit.fn();
    if (outcome.status !== 'ok') failed.push([outcome.status, audit.id, audit.name, outcome.reason]);
    if (outcome.status !== 'ok') await outcome.response.body?.cancel();
  }
  expect(failed).toEqual([]);
});
