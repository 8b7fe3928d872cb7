// The console, as a person types into it, while the network breaks.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Output } from '../support/output.js';
import { eventually } from '../testing/eventually.js';
import { type ExampleServer, endExamples, startExample, startServer } from './running.js';

let server: ExampleServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  endExamples();
  await server[Symbol.asyncDispose]();
});

/** Types a line, and waits for what is written after it. */
async function type(output: Output, line: string, answer: RegExp): Promise<void> {
  const from = output.stdout.length;
  output.child.stdin?.write(`${line}\n`);
  await output.line(answer, from);
}

async function startConsole(): Promise<Output> {
  const output = startExample('console/main.js', server.address);
  await output.line(/-- ready, generation 1/);
  return output;
}

describe('The console', () => {
  test('answers queries and mutations with their data or their error, and goes on', async () => {
    const output = await startConsole();
    await type(output, '{ hello }', /\[1\] \{\n {2}"hello": "Hello world"\n\}/);
    await type(output, 'mutation { add(amount: 3) }', /\[2\] \{\n {2}"add": 3\n\}/);
    await type(output, '{ fails }', /\[3\] \{\n {2}"fails": null\n\}\nGraphQL error: It failed/);
    await type(output, '{ nothing }', /\[4\] GraphQL error: Cannot query field "nothing"/);
    await type(output, '{ hello', /\[5\] DocumentError: /);
    await type(output, 'subscription { time }', /\[6\] DocumentError: This document is a subscription/);
    await type(output, '{ hello }', /\[7\] \{/);
  });

  test('says what the session is doing, and what can be typed', async () => {
    const output = await startConsole();
    await type(output, '.state', /status: 'ready',\s+generation: 1/);
    await type(output, '.help', /\.quit +ends the session/);
    await type(output, '.nonsense', /There is no \.nonsense/);
  });

  test('survives a cut, and says so', async () => {
    const output = await startConsole();
    server.proxy.cut();
    await output.line(/-- not connected, next attempt in [\d.]+ s\. .+/);
    await output.line(/-- ready, generation 2/);
    await type(output, '{ hello(name: "again") }', /"hello": "Hello again"/);
    expect(server.proxy.accepted).toBe(2);
  });

  test('answers a query that was typed while the server could not be reached, once it can be', async () => {
    const output = await startConsole();
    server.proxy.refuse();
    server.proxy.cut();
    await output.line(/-- not connected/);
    await type(output, '{ hello(name: "patient") }', /holdfast> /);
    await output.line(/-- connecting, generation 2/);
    expect(output.stdout).not.toContain('Hello patient');
    server.proxy.accept();
    await output.line(/\[1\] \{\n {2}"hello": "Hello patient"/);
  });

  test('ends at .quit, with its connection', async () => {
    const output = await startConsole();
    output.child.stdin?.write('.quit\n');
    expect(await output.ended).toEqual({ code: 0, signal: null });
    expect(output.stderr).toBe('');
    await eventually(() => server.proxy.connections, 0);
  });

  test('answers everything that was piped into it before it ends', async () => {
    const output = startExample('console/main.js', server.address);
    output.child.stdin?.end('{ hello(name: "one") }\n{ hello(name: "two") }\n');
    expect(await output.ended).toEqual({ code: 0, signal: null });
    expect(output.stdout).toContain('Hello one');
    expect(output.stdout).toContain('Hello two');
  });

  test('ends with exit code 1 when there is nothing to wait for', async () => {
    const output = startExample('console/main.js', server.proxy.url('ws', '/elsewhere'));
    expect((await output.ended).code).toBe(1);
    expect(output.stdout).toMatch(/-- gave up\. .*404/);
  });

  test.each([
    ['no address', [], 'Say which server'],
    ['an address that is none', ['nonsense'], 'is not a URL'],
  ])('refuses %s with exit code 2', async (_name, args, message) => {
    const output = startExample('console/main.js', ...args);
    expect((await output.ended).code).toBe(2);
    expect(output.stderr).toContain(message);
  });
});
