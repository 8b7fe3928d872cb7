// Reads what stands behind the name of a command: options, each known by name, and what is given without a name.

import { parseArgs } from 'node:util';
import { suggestionsFor } from '../protocol/suggestions.js';
import type { Command, CommandLine, Option, Positional } from './command.js';
import { UsageError } from './exit-codes.js';

export type Known = Pick<Command, 'options' | 'positionals'>;

/** @param what How errors call the command: `holdfast schema`. Throws a UsageError for what it does not know. */
export function readCommandLine(
  what: string,
  args: readonly string[],
  { options, positionals = [] }: Known,
): CommandLine {
  const types = Object.entries(options).map(([name, option]) => {
    const type = takesValue(option) ? ('string' as const) : ('boolean' as const);
    return [name, option.short === undefined ? { type } : { type, short: option.short }];
  });
  const { tokens } = parseArgs({ args: [...args], options: Object.fromEntries(types), strict: false, tokens: true });
  const given = new Map<string, string[]>();
  const unnamed: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional' && positionals.length > 0) {
      unnamed.push(token.value);
      continue;
    }
    const option = token.kind === 'option' && Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (token.kind !== 'option' || option === undefined || (!takesValue(option) && token.value !== undefined)) {
      const names = Object.keys(options).map((name) => `--${name}`);
      const unknown = token.kind === 'option' ? `--${token.name}` : token.value;
      throw new UsageError(`${what} does not know "${args[token.index]}"; ${orMeant(unknown, 'it knows', names)}`);
    }
    const { name, value = '' } = token;
    checkValue(what, name, option, value);
    const values = given.get(name) ?? [];
    if (values.length > 0 && takesValue(option) && option.repeats !== true) {
      throw new UsageError(`${what}: --${name} can be given only once`);
    }
    given.set(name, [...values, value]);
  }
  const line: CommandLine = {
    positionals: unnamed,
    has: (name) => given.has(name),
    get: (name) => given.get(name)?.at(-1),
    all: (name) => given.get(name) ?? [],
  };
  if (!line.has('help')) checkWhole(what, line, { options, positionals });
  return line;
}

/** As in `did you mean "schema"?`; where nothing is near, all that there is: `there is "schema", "generate"`. */
export function orMeant(unknown: string, there: string, names: readonly string[]): string {
  const [near] = suggestionsFor(unknown, names);
  return near === undefined ? `${there} ${listOf(names)}` : `did you mean "${near}"?`;
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function takesValue({ value, values }: Option): boolean {
  return value !== undefined || values !== undefined;
}

function checkValue(what: string, name: string, { value: placeholder, values }: Option, value: string): void {
  if (values !== undefined && !values.includes(value)) {
    const given = value === '' ? 'nothing' : `"${value}"`;
    throw new UsageError(`${what}: --${name} is one of ${listOf(values)}; it is ${given}`);
  }
  if (placeholder !== undefined && (value === '' || value.startsWith('--'))) {
    throw new UsageError(`${what}: --${name} needs a value: --${name} ${placeholder}`);
  }
}

/** What must be there is, and no more than is known. */
function checkWhole(what: string, line: CommandLine, { options, positionals = [] }: Known): void {
  const missing = positionals[line.positionals.length];
  if (missing !== undefined) throw new UsageError(`${what} needs ${missing.name}: ${missing.help}`);
  const isOpen = positionals.at(-1)?.many === true;
  const surplus = isOpen ? undefined : line.positionals[positionals.length];
  if (surplus !== undefined) {
    throw new UsageError(`${what} takes ${namesOf(positionals)} and nothing more; there is also "${surplus}"`);
  }
  for (const [name, { required, value }] of Object.entries(options)) {
    if (required === true && !line.has(name)) throw new UsageError(`${what} needs --${name} ${value}`);
  }
}

function namesOf(positionals: readonly Positional[]): string {
  return positionals.map(({ name }) => name).join(' ');
}
