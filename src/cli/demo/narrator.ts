// The demo as plain lines, for a pipe, a file or a simple terminal: one line for each thing that happens, with the time since
// the start and who it concerns.

import { seconds } from '../words.js';
import type { Happening } from './happening.js';
import { sentenceOf } from './story.js';

export class Narrator {
  readonly #write: (line: string) => void;
  readonly #nowMs: () => number;

  constructor(write: (line: string) => void, nowMs: () => number) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  tell(happening: Happening): void {
    const sentence = sentenceOf(happening);
    if (sentence === undefined) return;
    const { who, what, rest = '', more } = sentence;
    if (happening.type === 'fault') this.#write('');
    this.#write(`${seconds(this.#nowMs()).padStart(8)}  ${who.padEnd(7)}  ${what}${rest}`);
    if (more !== undefined) this.#write(`${' '.repeat(19)}${more}`);
  }
}
