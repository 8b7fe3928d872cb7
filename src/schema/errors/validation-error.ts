// An operation that the schema does not allow. Thrown before anything is sent.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import type { SourcePlace } from './schema-error.js';

/** Once so many are found, no more are looked for. */
export const mostProblems = 100;

/** One thing that is wrong with an operation. */
export interface Problem {
  /** One sentence, which names the thing. */
  readonly message: string;
  /** Where among selections and values: `['query', 'books', 'filter', 'tags', 2]`. Empty where `places` tells it. */
  readonly path: readonly (string | number)[];
  /** Names that may have been meant, the likeliest first. */
  readonly suggestions: readonly string[];
  /** Where in the text of a plain document. */
  readonly places?: readonly SourcePlace[] | undefined;
}

/** The operation does not fit the schema: every problem that was found, about 100 at most; none of it was sent. */
export class ValidationError extends HoldfastError {
  override readonly name: string = 'ValidationError';
  /** At least one. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly [Problem, ...Problem[]], cause?: unknown) {
    const [first, ...others] = problems;
    const atLeast = problems.length < mostProblems ? '' : 'at least ';
    const more = others.length === 0 ? '' : ` (and ${atLeast}${others.length} more)`;
    super(`${sentence(first)}${more}`, { code: 'invalid-operation', phase: 'prepare', cause });
    this.problems = problems;
  }

  /** Where the first problem is. */
  get path(): readonly (string | number)[] {
    return this.problems[0]?.path ?? [];
  }

  /** Names that may have been meant at the first problem. */
  get suggestions(): readonly string[] {
    return this.problems[0]?.suggestions ?? [];
  }
}

/** Of a longer path, half as many keys are told from each of its ends. */
const mostKeys = 20;

/** A path as a person reads it: `query.books.filter.tags[2]`, or `query.book.sequel ... sequel.title` where it is long. */
export function printPath(path: readonly (string | number)[]): string {
  if (path.length <= mostKeys) return joined(path);
  return `${joined(path.slice(0, mostKeys / 2))} ... ${joined(path.slice(-mostKeys / 2))}`;
}

function joined(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

function sentence({ message, path, suggestions, places = [] }: Problem): string {
  const [place] = places;
  const where = path.length > 0 ? `${printPath(path)}: ` : '';
  const at = place === undefined ? '' : ` (line ${place.line}, column ${place.column})`;
  const meant = suggestions.length === 0 ? '' : ` Did you mean ${listOf(suggestions)}?`;
  return `${where}${message}${at}${meant}`;
}

function listOf(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}
