#!/usr/bin/env node
// The holdfast command: finds the command that is meant, reads its command line, runs it, and sets the exit code. A command is
// loaded when it is run, so that everything else answers at once.

import { readFileSync } from 'node:fs';
import { orMeant, readCommandLine } from './command-line.js';
import { commands } from './commands.js';
import { CommandError, exitCodeFor, internalError, UsageError } from './exit-codes.js';
import { commandHelp, general, programHelp } from './help.js';
import { messageOf } from './words.js';

async function main(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined) {
    print(programHelp(commands));
    return 0;
  }
  if (first.startsWith('-')) {
    const line = readCommandLine('holdfast', args, { options: general });
    print(line.has('version') ? version() : programHelp(commands));
    return 0;
  }
  if (first === 'help') return main([...rest, '--help']);
  const command = commands.find(({ name }) => name === first);
  if (command === undefined) {
    const names = commands.map(({ name }) => name);
    throw new UsageError(`there is no command "${first}"; ${orMeant(first, 'there is', names)}`);
  }
  const { options, positionals } = command;
  const line = readCommandLine(`holdfast ${first}`, rest, { options: { ...options, help: general.help }, positionals });
  if (!line.has('help')) return command.run(line);
  print(commandHelp(command));
  return 0;
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

/** One message, on stderr; a fault of our own with its stack, which is all that there is to find it by. */
function tell(error: unknown): void {
  const [name] = process.argv.slice(2);
  const command = commands.find((one) => one.name === name)?.name;
  const program = command === undefined ? 'holdfast' : `holdfast ${command}`;
  if (error instanceof UsageError) {
    const end = error.message.endsWith('?') ? '' : '.';
    const start = error.message.startsWith('holdfast ') ? '' : 'holdfast: ';
    process.stderr.write(`${start}${error.message}${end} See "${program} --help".\n`);
  } else if (exitCodeFor(error) === internalError) {
    process.stderr.write(`${program}: this is a fault of holdfast itself. Please report it, with this:\n`);
    console.error(error);
  } else {
    process.stderr.write(`${program}: ${messageOf(error)}\n`);
  }
}

function fail(error: unknown): void {
  tell(error);
  process.exitCode = exitCodeFor(error);
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // As in `holdfast schema ... | head -3`: that nobody reads the rest is no failure. A full disk is one.
  if (error.code === 'EPIPE') return;
  fail(new CommandError(3, `what it prints cannot be written: ${error.message}`));
});
// Where nothing can be said, the exit code says it.
process.stderr.on('error', () => undefined);

// The exit code is set and not forced: a command that leaves something running is a mistake that has to be seen.
main(process.argv.slice(2)).then((code) => {
  process.exitCode ??= code;
}, fail);
