// What the command line knows of each of its commands, before anything of it is loaded.

import type { ExitCode } from './exit-codes.js';

export interface Command {
  readonly name: string;
  /** One line, for the help. */
  readonly summary: string;
  /** What it is given without a name, in this order. */
  readonly positionals?: readonly Positional[] | undefined;
  /** By name. */
  readonly options: Readonly<Record<string, Option>>;
  /** For the help: each a whole line as a user types it, and what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Those that it can end with, for the help. */
  readonly exitCodes: readonly ExitCode[];
  /** Answers with the exit code, once nothing of it is left running. Loads what it needs by itself. */
  readonly run: (line: CommandLine) => Promise<number>;
}

export interface Positional {
  /** As in the help: `SOURCE`. */
  readonly name: string;
  /** One line, for the help. */
  readonly help: string;
  /** One or more; only the last may say so. */
  readonly many?: boolean | undefined;
}

export interface Option {
  /** One line, for the help. */
  readonly help: string;
  /** Its letter, as in `-h`. */
  readonly short?: string | undefined;
  /** Of which it takes one, as in `--name value`. */
  readonly values?: readonly string[] | undefined;
  /** What it takes, as the help names it: `FILE`. Without `values` and this it takes nothing. */
  readonly value?: string | undefined;
  /** It may be given several times. */
  readonly repeats?: boolean | undefined;
  /** It must be given. */
  readonly required?: boolean | undefined;
}

/** What was given to a command. */
export interface CommandLine {
  readonly positionals: readonly string[];
  has(option: string): boolean;
  /** The value of an option; empty for one that takes none, undefined for one that was not given. */
  get(option: string): string | undefined;
  /** All values of an option that may be given several times, in order. */
  all(option: string): readonly string[];
}
