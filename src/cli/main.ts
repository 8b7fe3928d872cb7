#!/usr/bin/env node
// The holdfast command: finds the command that is meant, checks its flags, runs it, and sets the exit code. 2 means that the
// command line itself was wrong.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Command, Flags, Option } from './command.js';
import { demo } from './demo/command.js';

const commands: readonly Command[] = [demo];
const general = { help: { help: 'print this help' }, version: { help: 'print the version' } };

class UsageError extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined) {
    print(help());
    return 0;
  }
  if (first.startsWith('-')) {
    const flags = readFlags('holdfast', args, general);
    print(flags.has('version') ? version() : help());
    return 0;
  }
  const command = commands.find(({ name }) => name === first);
  if (command === undefined) {
    throw new UsageError(`there is no command "${first}"; there is ${listOf(commands.map(({ name }) => name))}`);
  }
  const flags = readFlags(`holdfast ${command.name}`, rest, { ...command.options, help: general.help });
  if (!flags.has('help')) return command.run(flags);
  print(commandHelp(command));
  return 0;
}

/** Every option is a plain `--name`, or `--name value` where it takes one. */
function readFlags(what: string, args: readonly string[], known: Readonly<Record<string, Option>>): Flags {
  const types = Object.entries(known).map(([name, { values }]) => {
    return [name, { type: values === undefined ? ('boolean' as const) : ('string' as const) }];
  });
  const { tokens } = parseArgs({ args: [...args], options: Object.fromEntries(types), strict: false, tokens: true });
  const flags = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    const option = token.kind === 'option' ? known[token.name] : undefined;
    if (token.kind !== 'option' || option === undefined || (option.values === undefined && token.value !== undefined)) {
      const names = Object.keys(known).map((name) => `--${name}`);
      throw new UsageError(`${what} does not know "${args[token.index]}"; it knows ${listOf(names)}`);
    }
    const { name, value = '' } = token;
    if (option.values !== undefined && !option.values.includes(value)) {
      const given = value === '' ? 'nothing' : `"${value}"`;
      throw new UsageError(`${what}: --${name} is one of ${listOf(option.values)}; it is ${given}`);
    }
    flags.set(name, value);
  }
  return flags;
}

function help(): string {
  return `Usage: holdfast <command> [options]

Commands
${table(commands.map(({ name, summary }) => [name, summary]))}

Options
${table(Object.entries(general).map(([name, option]) => [`--${name}`, option.help]))}

"holdfast <command> --help" tells more about one command.`;
}

function commandHelp({ name, summary, options }: Command): string {
  const rows = Object.entries<Option>({ ...options, help: general.help }).map(([flag, option]) => {
    return [`--${flag}${option.values === undefined ? '' : ` ${option.values.join('|')}`}`, option.help] as const;
  });
  return `Usage: holdfast ${name} [options]\n\n${summary}\n\nOptions\n${table(rows)}`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(10, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}

function listOf(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return manifest.version;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

// The exit code is set and not forced: a command that leaves something running is a mistake that has to be seen.
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof UsageError) {
      process.stderr.write(`holdfast: ${error.message}. See "holdfast --help".\n`);
      process.exitCode = 2;
    } else {
      console.error(error);
      process.exitCode = 1;
    }
  },
);
