// The commands of holdfast, in the order of the help.

import type { Command } from './command.js';
import { demo } from './demo/command.js';
import { generate } from './generate/command.js';
import { schema } from './schema/command.js';
import { validate } from './validate/command.js';

export const commands: readonly Command[] = [schema, generate, validate, demo];
