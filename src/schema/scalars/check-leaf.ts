// What scalars and enums take as input. GraphQL specification, September 2025, sections 3.5 (Scalars) and 3.9 (Enums), "Input
// Coercion".

import { describe } from '../../protocol/options.js';
import { suggestionsFor } from '../../protocol/suggestions.js';
import type { EnumModel, ScalarModel } from '../model/model.js';
import { findUnwritable } from './unwritable.js';

export interface LeafFault {
  /** A sentence. */
  readonly message: string;
  /** Where within the value: a custom scalar may be of any form. */
  readonly path: readonly (string | number)[];
  readonly suggestions: readonly string[];
}

interface BuiltIn {
  readonly needs: string;
  takes(value: unknown): boolean;
}

const builtIns: ReadonlyMap<string, BuiltIn> = new Map<string, BuiltIn>([
  [
    'Int',
    {
      needs: 'a whole number from -2147483648 to 2147483647',
      takes: (value) => Number.isInteger(value) && value === Number(value) && value >= -(2 ** 31) && value < 2 ** 31,
    },
  ],
  ['Float', { needs: 'a finite number', takes: (value) => Number.isFinite(value) }],
  ['String', { needs: 'a text', takes: (value) => typeof value === 'string' }],
  ['Boolean', { needs: 'true or false', takes: (value) => typeof value === 'boolean' }],
  // A larger number has lost digits already, and another thing's ID may be what is left of it.
  [
    'ID',
    {
      needs: 'a text, or a whole number up to 2^53 - 1,',
      takes: (value) => typeof value === 'string' || Number.isSafeInteger(value),
    },
  ],
]);

/** What is wrong with a value that is to be sent as this scalar or enum. Throws what getters in it throw. */
export function checkLeaf(type: ScalarModel | EnumModel, value: unknown): LeafFault | undefined {
  if (type.kind === 'enum') return checkEnum(type, value);
  const builtIn = builtIns.get(type.name);
  if (builtIn === undefined) return checkCustom(value);
  if (builtIn.takes(value)) return undefined;
  return fault(`${show(value)} is no ${type.name}: ${builtIn.needs} is needed.`);
}

function checkEnum({ name, values }: EnumModel, value: unknown): LeafFault | undefined {
  if (typeof value !== 'string') return fault(`${show(value)} is no ${name}: the name of one of its values is needed.`);
  if (values.has(value)) return undefined;
  return { ...fault(`${name} has no value ${show(value)}.`), suggestions: suggestionsFor(value, values.keys()) };
}

function checkCustom(value: unknown): LeafFault | undefined {
  const found = findUnwritable(value);
  return found && { ...fault(`It is ${found.what}, which JSON cannot hold.`), path: found.path };
}

function fault(message: string): LeafFault {
  return { message, path: [], suggestions: [] };
}

/** A value as it may appear in a message. */
export function show(value: unknown): string {
  return typeof value === 'bigint' ? `${describe(value)}n` : describe(value);
}
