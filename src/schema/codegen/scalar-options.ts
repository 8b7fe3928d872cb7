// Whether the types that a program wants for scalars can be written into the module of a schema.

import { OptionError } from '../../protocol/errors/option-error.js';
import { describe } from '../../protocol/options.js';
import { suggestionsFor } from '../../protocol/suggestions.js';
import { builtInScalars } from '../model/built-in-scalars.js';
import type { SchemaModel } from '../model/model.js';
import type { TypeNames } from './names.js';
import { typeFault } from './type-fault.js';

/** @throws OptionError for a scalar that the schema does not have, and for a type that would mean another there. */
export function checkScalars(scalars: unknown, model: SchemaModel, names: TypeNames): void {
  if (typeof scalars !== 'object' || scalars === null) {
    throw new OptionError(
      'scalars',
      `Option "scalars" must be an object of types by scalar; it is ${describe(scalars)}.`,
    );
  }
  const custom = [...model.types.values()]
    .filter(({ kind, name }) => kind === 'scalar' && !builtInScalars.has(name))
    .map(({ name }) => name);
  const declared = new Set(
    [...model.types.values()].filter(({ kind }) => kind !== 'scalar').map(({ name }) => names(name)),
  );
  for (const [name, type] of Object.entries(scalars)) {
    const option = `scalars.${name}`;
    if (!custom.includes(name)) {
      const [near] = suggestionsFor(name, custom);
      const hint = near === undefined ? `It has ${custom.join(', ') || 'none'}.` : `Did you mean "${near}"?`;
      throw new OptionError(option, `The schema has no custom scalar "${name}". ${hint}`);
    }
    if (typeof type !== 'string' || type.trim() === '') {
      throw new OptionError(option, `Option "${option}" must be a type of TypeScript; it is ${describe(type)}.`);
    }
    const fault = typeFault(type);
    if (fault !== undefined) {
      throw new OptionError(option, `Option "${option}" cannot stand in a module: ${describe(type)} ${fault}.`);
    }
    const [, clash] =
      [...type.matchAll(/(?<![.\w$'"])([A-Za-z_$][\w$]*)/g)].find(([, word = '']) => declared.has(word)) ?? [];
    if (clash === undefined) continue;
    throw new OptionError(
      option,
      `"${clash}" in option "${option}" would be the schema's own type of that name. Write globalThis.${clash} for the global one.`,
    );
  }
}
