// What every verdict of a client's dialect looks like, whatever it was made of.

import { expect } from 'vitest';
import type { ServerMessage } from '../../../src/protocol/dialects/dialect.js';
import { isJsonObject } from '../../../src/protocol/json.js';

const membersOf: { readonly [T in ServerMessage['type']]: readonly string[] } = {
  ack: ['payload'],
  refused: ['payload'],
  next: ['id', 'result'],
  error: ['errors', 'id'],
  complete: ['id'],
  ping: ['payload'],
  pong: ['payload'],
  alive: ['payload'],
  ended: ['code', 'reason'],
  send: ['text'],
  several: ['messages'],
  invalid: ['id', 'reason'],
};

export function expectWellFormed(heard: ServerMessage): void {
  const { type, ...members } = heard;
  expect(Object.keys(members).sort()).toEqual(membersOf[type]);
  if ('id' in heard && heard.type !== 'invalid') expect(heard.id).not.toBe('');
  if (heard.type === 'invalid') {
    expect(heard.reason).not.toBe('');
    expect(heard.id === undefined || (typeof heard.id === 'string' && heard.id !== '')).toBe(true);
  }
  if ('payload' in heard) expect(heard.payload === undefined || isJsonObject(heard.payload)).toBe(true);
  if (heard.type === 'several') for (const one of heard.messages) expectWellFormed(one);
  if (heard.type === 'error') expectErrors(heard.errors);
  if (heard.type === 'next') {
    const { data, errors, extensions, hasNext } = heard.result;
    expect(data === undefined || data === null || isJsonObject(data)).toBe(true);
    expect(extensions === undefined || isJsonObject(extensions)).toBe(true);
    expect(hasNext === undefined || typeof hasNext === 'boolean').toBe(true);
    if (errors !== undefined) expectErrors(errors);
  }
}

function expectErrors(errors: readonly object[]): void {
  expect(errors.length).toBeGreaterThan(0);
  for (const error of errors as readonly Record<string, unknown>[]) {
    expect(typeof error.message).toBe('string');
    expect(error.path === undefined || Array.isArray(error.path)).toBe(true);
    expect(error.locations === undefined || Array.isArray(error.locations)).toBe(true);
    expect(error.extensions === undefined || isJsonObject(error.extensions)).toBe(true);
  }
}
