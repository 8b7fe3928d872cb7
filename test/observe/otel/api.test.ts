// How the package of OpenTelemetry is found, and what is said where it is not.

import { expect, test } from 'vitest';
import { loadApi } from '../../../src/observe/otel/api.js';
import { MissingDependencyError } from '../../../src/protocol/errors/missing-dependency-error.js';

test('a missing package is named with the command that installs it', async () => {
  const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  const failed = loadApi(() => Promise.reject(missing));
  await expect(failed).rejects.toThrow(MissingDependencyError);
  await expect(failed).rejects.toThrow('npm install "@opentelemetry/api@^1.9.0"');
  await expect(failed).rejects.toMatchObject({ cause: missing });
});

test('a package that fails to load fails as it does', async () => {
  const broken = new SyntaxError('Unexpected token');
  await expect(loadApi(() => Promise.reject(broken))).rejects.toBe(broken);
});

test('the package that is installed has everything that is used of it', async () => {
  const { trace, context, propagation, diag, SpanKind, SpanStatusCode } = await loadApi();
  expect([trace.getSpanContext, context.active, propagation.extract, diag.error].map((one) => typeof one)).toEqual(
    new Array(4).fill('function'),
  );
  expect([SpanKind.SERVER, SpanKind.CLIENT, SpanStatusCode.ERROR]).toEqual([1, 2, 2]);
});
