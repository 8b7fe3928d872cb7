#!/usr/bin/env node
// The holdfast command: finds the command that is meant, checks its flags, runs it, and sets the exit code. 2 means that the
// command line itself was wrong.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Command } from './command.js';
import { demo } from './demo/command.js';

const commands: readonly Command[] = [demo];
const general = { help: 'print this help', version: 'print the version' };

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

/** The flags that are set. Every one of them is a plain `--name`. */
function readFlags(what: string, args: readonly string[], known: Readonly<Record<string, string>>): Set<string> {
  const names = Object.keys(known);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'boolean' as const }]));
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'option' && names.includes(token.name) && token.value === undefined) {
      flags.add(token.name);
      continue;
    }
    const given = args[token.index];
    throw new UsageError(`${what} does not know "${given}"; it knows ${listOf(names.map((name) => `--${name}`))}`);
  }
  return flags;
}

function help(): string {
  return `Usage: holdfast <command> [options]

Commands
${table(commands.map(({ name, summary }) => [name, summary]))}

Options
${table(Object.entries(general).map(([name, text]) => [`--${name}`, text]))}

"holdfast <command> --help" tells more about one command.`;
}

function commandHelp({ name, summary, options }: Command): string {
  const rows = Object.entries({ ...options, help: general.help }).map(([flag, text]) => [`--${flag}`, text] as const);
  return `Usage: holdfast ${name} [options]\n\n${summary}\n\nOptions\n${table(rows)}`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, text]) => `  ${name.padEnd(12)}${text}`).join('\n');
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
