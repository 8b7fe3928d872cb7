// Ready-made garbage in the place of an answer: every way in which a message can fail to be one.

import { OptionError } from '../../../protocol/errors/option-error.js';
import { describe } from '../../../protocol/options.js';
import type { ScriptedOperation } from '../operation.js';
import type { Script } from '../script.js';
import { type OperationOptions, onOperation } from './operations.js';

export type GarbageKind =
  | 'empty-text'
  | 'not-json'
  | 'array'
  | 'number'
  | 'null'
  | 'empty-object'
  | 'unknown-type'
  | 'missing-id'
  | 'missing-payload'
  | 'wrong-payload'
  | 'empty-error'
  | 'binary';

type Frame = (operation: ScriptedOperation) => string | Buffer;

const frames: Readonly<Record<GarbageKind, Frame>> = {
  'empty-text': () => '',
  'not-json': () => '{"type":',
  array: () => '[]',
  number: () => '5',
  null: () => 'null',
  'empty-object': () => '{}',
  'unknown-type': ({ id }) => JSON.stringify({ type: 'surprise', id }),
  'missing-id': (operation) => JSON.stringify({ type: resultType(operation), payload: { data: {} } }),
  'missing-payload': (operation) => JSON.stringify({ type: resultType(operation), id: operation.id }),
  'wrong-payload': (operation) => JSON.stringify({ type: resultType(operation), id: operation.id, payload: 'text' }),
  'empty-error': ({ id }) => JSON.stringify({ type: 'error', id, payload: [] }),
  binary: () => Buffer.from('{"type":"pong"}'),
};

export const garbageKinds: readonly GarbageKind[] = Object.freeze(Object.keys(frames) as GarbageKind[]);

/** Sends garbage in the place of an answer, and nothing else. */
export function answersWithGarbage(kind: GarbageKind, options: OperationOptions = {}): Script {
  const frame: Frame | undefined = frames[kind];
  if (frame === undefined) {
    throw new OptionError('kind', `Unknown kind of garbage ${describe(kind)}. Known: ${garbageKinds.join(', ')}.`);
  }
  return onOperation(options, (operation) => {
    const garbage = frame(operation);
    if (typeof garbage === 'string') operation.connection.raw(garbage);
    else operation.connection.binary(garbage);
  });
}

function resultType({ connection }: ScriptedOperation): string {
  return connection.speaks === 'graphql-ws' ? 'data' : 'next';
}
