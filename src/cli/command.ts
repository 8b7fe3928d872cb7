// What the command line knows of each of its commands.

export interface Command {
  readonly name: string;
  /** One line, for the help. */
  readonly summary: string;
  /** By name. */
  readonly options: Readonly<Record<string, Option>>;
  /** Answers with the exit code, once nothing of it is left running. */
  readonly run: (flags: Flags) => Promise<number>;
}

export interface Option {
  /** One line, for the help. */
  readonly help: string;
  /** Of which it takes one, as in `--name value`. Undefined: it takes none. */
  readonly values?: readonly string[] | undefined;
}

/** The options that were given, each with its value; empty for one that takes none. */
export type Flags = ReadonlyMap<string, string>;
