// Numbers and errors as the commands say them.

/** As in "1.25 s". */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

/** As in "1 gap" and "3 gaps", "1 query" and "3 queries". */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** What an error says, without its name. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What went wrong with a file, without what Node adds: how it calls what it did, and a path that may be one of ours. */
export function faultOf(error: unknown): string {
  return messageOf(error).replace(/, \w+( '.*')?$/s, '');
}
