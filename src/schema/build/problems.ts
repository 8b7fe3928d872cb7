// What is found to be wrong with one operation: all of it is told at once.

import { suggestionsFor } from '../../protocol/suggestions.js';
import { mostProblems, type Problem, ValidationError } from '../errors/validation-error.js';
import type { Path } from './resolved.js';

export class Problems {
  readonly #found: Problem[] = [];

  add(path: Path, message: string, suggestions: readonly string[] = []): void {
    if (this.#found.length < mostProblems) this.#found.push({ message, path, suggestions });
  }

  /** A name that is not among the known ones. */
  addUnknown(path: Path, message: string, name: string, known: Iterable<string>): void {
    this.add(path, message, suggestionsFor(name, known));
  }

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  addAll(problems: readonly Problem[]): void {
    this.#found.push(...problems.slice(0, mostProblems - this.#found.length));
  }

  /** Throws what was found. */
  finish(): void {
    const [first, ...others] = this.#found;
    if (first !== undefined) throw new ValidationError([first, ...others]);
  }
}
