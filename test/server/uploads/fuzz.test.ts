// Forms in pieces and forms that are none: how the bytes are cut changes nothing, and reading always comes to an end.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readUpload } from '../../../src/server/http/uploads/read-upload.js';
import { boundary, file, form, formRequest, limits, map, operations, shown } from './form-request.js';

const body = form([
  operations({ query: '{ a }', variables: { a: null, b: [null], c: 'ä' } }),
  map({ 0: ['variables.a'], 1: ['variables.b.0'] }),
  file('0', `\r\n--${boundary.slice(0, -1)}\r\n--\r\n`),
  file('unknown', 'x'.repeat(50)),
  file('1', 'ä\r\n'.repeat(60)),
]);

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

test('any split of the bytes gives the same', async () => {
  const whole = await shown(await readUpload(formRequest([body]), limits));
  expect(whole).toMatchObject({ variables: { b: [['1.txt', 'text/plain', 'ä\r\n'.repeat(60)]], c: 'ä' } });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(body.length), { maxLength: 30 }), async (cuts) => {
      expect(await shown(await readUpload(formRequest(cutAt(body, cuts)), limits))).toEqual(whole);
    }),
    { numRuns: 300 },
  );
  const bytes = Array.from(body, (byte) => Uint8Array.of(byte));
  expect(await shown(await readUpload(formRequest(bytes), limits))).toEqual(whole);
});

const scraps = fc.constantFrom(
  `--${boundary}`,
  `--${boundary}--`,
  '\r\n',
  '\r\n\r\n',
  'Content-Disposition: form-data; name="operations"',
  'Content-Disposition: form-data; name="map"',
  'Content-Disposition: form-data; name="0"; filename="a"',
  'Content-Disposition: form-data',
  'Content-Type: application/octet-stream',
  '{"query":"{ a }","variables":{"a":null}}',
  '{"0":["variables.a"]}',
  '--',
  'x',
);

test('whatever comes is read or refused, and never keeps anybody waiting', async () => {
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 4, arbitrary: scraps }, fc.string({ maxLength: 5 })), { maxLength: 40 }),
      fc.array(fc.nat(1_000), { maxLength: 10 }),
      async (texts, cuts) => {
        const bytes = Buffer.from(texts.join(''));
        const chunks = bytes.length === 0 ? [] : cutAt(bytes, cuts);
        const read = await readUpload(formRequest(chunks), limits);
        if (read === 'gone') throw new Error('Nobody went away');
        outcomes.add('fault' in read ? String(read.fault.status) : 'read');
      },
    ),
    { numRuns: 2_000 },
  );
  expect(outcomes).toContain('400');
});

test('neither does a good form with some bytes of it changed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(body.length), { maxLength: 5 }),
      async (changes, cuts) => {
        const changed = Buffer.from(body);
        for (const [at, byte] of changes) changed[at] = byte;
        const read = await readUpload(formRequest(cutAt(changed, cuts)), limits);
        expect(read).not.toBe('gone');
      },
    ),
    { numRuns: 1_000 },
  );
});
