// The example of the schema-driven API, as its page shows it.

import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { endExamples, startExample } from './running.js';

afterEach(endExamples);

test('The API runs queries, mutations and a subscription on its own server, as its page says', async () => {
  const output = startExample('typed-api/main.js');
  expect(await output.ended).toEqual({ code: 0, signal: null });
  expect(output.stderr).toBe('');
  const page = readFileSync(new URL('../../examples/typed-api/README.md', import.meta.url), 'utf8');
  expect(page).toContain(`\n\`\`\`\n${output.stdout}\`\`\`\n`);
});
