// The interceptors of the example: what is traced and logged, what is not, and that a server can check what was signed.

import { createHmac } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { dropsOnOperation } from '../../src/testing/index.js';
import { scriptedServer } from '../../src/testing/scripted-server.js';
import { endExamples, startExample, startServer } from './running.js';

afterEach(endExamples);

test('Calls and sends are traced, one inside of the other, and logged without the password', async () => {
  await using server = await startServer();
  const output = startExample('interceptors/main.js', server.address);
  expect(await output.ended).toEqual({ code: 0, signal: null });
  expect(output.stderr).toBe('');
  expect(output.stdout.replaceAll(/[\d.]+ ms/g, '_ ms')).toBe(
    [
      'query Greet {"name":"Ada"}',
      '  [attempt] query Greet: answered after _ ms',
      '[call] query Greet: answered after _ ms',
      'query SignIn {"name":"Grace","password":"[redacted]"}',
      '  [attempt] query SignIn: answered after _ ms',
      '[call] query SignIn: answered after _ ms',
      'query Wrong {}',
      '  [attempt] query Wrong: answered with errors after _ ms',
      '[call] query Wrong: answered with errors after _ ms',
      '',
    ].join('\n'),
  );
  expect(output.stdout).not.toContain('swordfish');
});

test('A query whose connection is lost is traced as two sends of one call, each signed for itself', async () => {
  await using server = await scriptedServer({ script: dropsOnOperation({ times: 1 }) });
  const output = startExample('interceptors/main.js', server.url);
  expect(await output.ended).toEqual({ code: 0, signal: null });
  const lines = output.stdout.split('\n').slice(0, 4);
  expect(lines.map((line) => line.replace(/ after .*/, ''))).toEqual([
    'query Greet {"name":"Ada"}',
    '  [attempt] query Greet: closed',
    '  [attempt] query Greet: answered',
    '[call] query Greet: answered',
  ]);
  const [first, second] = server.executions.map(({ extensions }) => extensions ?? {});
  for (const { query, variables, extensions } of server.executions) {
    const signed = `${extensions?.signedAt}\n${query}\n${variables === undefined ? '' : JSON.stringify(variables)}`;
    const expected = createHmac('sha256', 'only for this example').update(signed).digest('hex');
    expect(extensions?.signature).toBe(expected);
  }
  // One trace, two spans in it.
  const [trace, again] = [first, second].map((extensions) => String(extensions?.traceparent).split('-'));
  expect(trace?.[1]).toBe(again?.[1]);
  expect(trace?.[2]).not.toBe(again?.[2]);
});
