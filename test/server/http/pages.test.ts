import { describe, expect, test } from 'vitest';
import { OptionError } from '../../../src/protocol/errors/option-error.js';
import { resolveEndpointOptions } from '../../../src/server/http/endpoint-options.js';
import { makeEndpoint } from './support.js';

describe('paths', () => {
  test('have their defaults', () => {
    expect(resolveEndpointOptions({}, true)).toEqual({
      path: '/graphql',
      healthPath: '/health',
      readinessPath: '/ready',
      metricsPath: undefined,
      graphiql: true,
    });
    expect(resolveEndpointOptions({ healthPath: false, readinessPath: false, metricsPath: '/m' }, false)).toEqual({
      path: '/graphql',
      healthPath: undefined,
      readinessPath: undefined,
      metricsPath: '/m',
      graphiql: false,
    });
  });

  test.each([
    ['without a slash', { path: 'graphql' }, 'path'],
    ['that is turned off where it must be', { path: false }, 'path'],
    ['with a query', { healthPath: '/health?x' }, 'healthPath'],
    ['that is a number', { metricsPath: 5 }, 'metricsPath'],
    ['that is another one too', { readinessPath: '/health' }, 'readinessPath'],
    ['that is the endpoint', { healthPath: '/graphql' }, 'healthPath'],
    ['graphiql that is a text', { graphiql: 'yes' }, 'graphiql'],
  ])('one %s is refused', (_, options, option) => {
    const resolve = () => resolveEndpointOptions(options as never, false);
    expect(resolve).toThrow(OptionError);
    expect(resolve).toThrow(expect.objectContaining({ option }));
  });
});

describe('pages', () => {
  test('say that the process lives and is ready, to GET and HEAD', async () => {
    const { ask } = makeEndpoint();
    for (const method of ['GET', 'HEAD']) {
      expect(await ask({ method, url: '/health?x' })).toMatchObject({ status: 200, body: 'ok\n' });
      expect(await ask({ method, url: '/ready' })).toMatchObject({ status: 200, body: 'ready\n' });
    }
    const refused = await ask({ url: '/health' });
    expect([refused.status, refused.headers.Allow]).toEqual([405, 'GET, HEAD']);
  });

  test('are where they were asked for, or nowhere', async () => {
    const { ask } = makeEndpoint(undefined, {}, { healthPath: '/live', readinessPath: false });
    expect((await ask({ method: 'GET', url: '/live' })).status).toBe(200);
    for (const url of ['/health', '/ready', '/metrics', '/graphql/', '/']) {
      expect((await ask({ method: 'GET', url })).status).toBe(404);
    }
  });

  test('have the figures of the server, for who asks for them', async () => {
    const { ask, core } = makeEndpoint(undefined, {}, { metricsPath: '/metrics' });
    core.counters.operations = 3;
    const response = await ask({ method: 'GET', url: '/metrics' });
    expect([response.status, response.headers['Content-Type']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(response.body).toContain(' 3\n');
  });

  test('GraphiQL is for browsers, where it is on', async () => {
    const page = { method: 'GET', headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };
    const on = makeEndpoint(undefined, {}, { graphiql: true });
    const off = makeEndpoint(undefined, {}, { graphiql: false });
    expect((await off.ask(page)).status).toBe(400);
    // Where the package was not built there are no files, and so no page.
    const response = await on.ask(page);
    expect([200, 400]).toContain(response.status);
    expect((await on.ask({ ...page, url: '/graphql?query=%7Bx%7D' })).body).toBe('{"data":{"ok":1}}');
  });
});
