// Signature Version 4: the examples that AWS publishes, and any request against a second implementation on node:crypto.

import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { signatureV4 } from '../../../src/transport/appsync/signature-v4.js';
import { patienceMs } from '../../server/fuzz/support/patience.js';
import { rejection } from '../../session/behaviour/support/waiting.js';
import { referenceSignature } from './support/reference-signature.js';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const now = Date.UTC(2015, 7, 30, 12, 36, 0);
const scope = { credentials, region: 'us-east-1', service: 'service', now };
const url = new URL('https://example.amazonaws.com/');

describe('the examples of AWS', () => {
  test('a request with nothing in it', async () => {
    expect(await signatureV4({ method: 'GET', url, headers: {}, body: '' }, scope)).toEqual({
      'x-amz-date': '20150830T123600Z',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    });
  });

  test.for([
    ['POST', 'https://example.amazonaws.com/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'GET',
      'https://example.amazonaws.com/?Param2=value2&Param1=value1',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
  ] as const)('%s %s', async ([method, address, signature]) => {
    const signed = await signatureV4({ method, url: new URL(address), headers: {}, body: '' }, scope);
    expect(signed.Authorization).toContain(`Signature=${signature}`);
  });

  test('the listing of users, with a content type', async () => {
    const signed = await signatureV4(
      {
        method: 'GET',
        url: new URL('https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08'),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: '',
      },
      { ...scope, service: 'iam' },
    );
    expect(signed.Authorization).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });
});

describe('any request', () => {
  test('has the signature that node:crypto comes to', { timeout: patienceMs }, async () => {
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const request = fc.record({
      segments: fc.array(word, { maxLength: 3 }),
      parameters: fc.uniqueArray(fc.tuple(word, word), { maxLength: 3, selector: ([name]) => name }),
      names: fc.uniqueArray(word, { maxLength: 3 }),
      value: fc.stringMatching(/^[!-~]{1,12}$/),
      body: fc.string({ unit: 'binary' }),
      sessionToken: fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/), { nil: undefined }),
      now: fc.integer({ min: 0, max: 4e12 }),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ segments, parameters, names, value, body, sessionToken, now }) => {
        const path = `/${segments.join('/')}`;
        const query = parameters
          .map((pair) => pair.join('='))
          .sort()
          .join('&');
        const headers = Object.fromEntries(names.map((name) => [`a-${name}`, value]));
        const signed = await signatureV4(
          {
            method: 'POST',
            url: new URL(`https://example.com:8443${path}?${parameters.map((pair) => pair.join('=')).join('&')}`),
            headers,
            body,
          },
          { credentials: { ...credentials, sessionToken }, region: 'eu-central-1', service: 'appsync', now },
        );
        const signature = referenceSignature({
          method: 'POST',
          path,
          query,
          headers: {
            ...headers,
            host: 'example.com:8443',
            'x-amz-date': signed['x-amz-date'] ?? '',
            ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
          },
          body,
          secretAccessKey: credentials.secretAccessKey,
          region: 'eu-central-1',
          service: 'appsync',
        });
        expect(signed.Authorization).toContain(`Signature=${signature}`);
        expect(signed['X-Amz-Security-Token']).toBe(sessionToken);
      }),
      { numRuns: 200 },
    );
  });

  test('is not signed where the platform has no cryptography, and says where it has', async () => {
    vi.stubGlobal('crypto', {});
    try {
      const error = await rejection(signatureV4({ method: 'GET', url, headers: {}, body: '' }, scope));
      expect(error).toMatchObject({
        failure: { code: 'bad-option', message: expect.stringMatching(/https:.*localhost/) },
      });
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
