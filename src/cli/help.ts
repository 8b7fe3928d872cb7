// What `--help` prints, for the program and for each command.

import type { Command, Option, Positional } from './command.js';
import { meanings } from './exit-codes.js';

export const general: Readonly<Record<'help' | 'version', Option>> = {
  help: { help: 'print this help', short: 'h' },
  version: { help: 'print the version' },
};

export function programHelp(commands: readonly Command[]): string {
  return `Usage: holdfast <command> [options]

Commands
${table(commands.map(({ name, summary }) => [name, summary]))}

Options
${table(Object.entries(general).map(optionRow))}

"holdfast help <command>" tells more about one command, with examples.`;
}

export function commandHelp({ name, summary, positionals = [], options, examples, exitCodes }: Command): string {
  const all: Readonly<Record<string, Option>> = { ...options, help: general.help };
  const required = Object.entries(options).filter(([, option]) => option.required === true);
  const usage = [
    'holdfast',
    name,
    ...positionals.map((one) => `${one.name}${one.many === true ? '...' : ''}`),
    ...required.map(([option, { value }]) => `--${option} ${value}`),
    '[options]',
  ];
  const parts = [
    `Usage: ${usage.join(' ')}`,
    `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
    ...section('Arguments', positionals.map(positionalRow)),
    ...section('Options', Object.entries(all).map(optionRow)),
    ...section('Examples', examples, '\n      '),
    ...section(
      'Exit codes',
      exitCodes.map((code) => [`${code}`, meanings[code]]),
    ),
  ];
  return parts.join('\n\n');
}

type Row = readonly [name: string, text: string];

function positionalRow({ name, help }: Positional): Row {
  return [name, help];
}

function optionRow([name, { help, short, value, values, repeats }]: readonly [string, Option]): Row {
  const takes = value ?? values?.join('|');
  return [
    `${short === undefined ? '' : `-${short}, `}--${name}${takes === undefined ? '' : ` ${takes}`}${repeats === true ? ' ...' : ''}`,
    help,
  ];
}

function section(title: string, rows: readonly Row[], between?: string): readonly string[] {
  if (rows.length === 0) return [];
  return [`${title}\n${between === undefined ? table(rows) : rows.map((row) => `  ${row.join(between)}`).join('\n')}`];
}

function table(rows: readonly Row[]): string {
  const width = Math.max(10, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}
