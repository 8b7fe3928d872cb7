// A wrong, unknown or contradictory option. Thrown at once, where the option was given.

import { HoldfastError } from './holdfast-error.js';

/** An option is unknown or has a value that cannot work. The message names the option, the value and what is allowed. */
export class OptionError extends HoldfastError {
  override readonly name: string = 'OptionError';
  /** The option's path, as in `liveness.silenceMs`. */
  readonly option: string;

  constructor(option: string, message: string, cause?: unknown) {
    super(message, { code: 'bad-option', phase: 'prepare', cause });
    this.option = option;
  }
}
