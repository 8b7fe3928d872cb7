// What the command line knows of each of its commands.

export interface Command {
  readonly name: string;
  /** One line, for the help. */
  readonly summary: string;
  /** Its flags by name, each with one line for the help. */
  readonly options: Readonly<Record<string, string>>;
  /** Answers with the exit code, once nothing of it is left running. */
  readonly run: (flags: ReadonlySet<string>) => Promise<number>;
}
