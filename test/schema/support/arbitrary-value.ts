// Random values of a type of a schema that GraphQL takes, and how a person would write them into a document.

import type { SchemaModel } from '../../../src/schema/model/model.js';
import { isRequired } from '../../../src/schema/model/model.js';
import type { TypeRef } from '../../../src/schema/model/type-ref.js';
import type { Choices } from './choices.js';

export interface DrawnValue {
  readonly value: unknown;
  /** In GraphQL. */
  readonly literal: string;
}

/** Deeper, what can be left out is. */
const mostLevels = 3;

export function drawValue(model: SchemaModel, type: TypeRef, from: Choices, level = 0): DrawnValue {
  if (!type.nonNull && (level > mostLevels || from.rarely(6))) return { value: null, literal: 'null' };
  if (type.list) {
    const count = level > mostLevels ? 0 : from.below(3);
    const items = Array.from({ length: count }, () => drawValue(model, type.of, from, level + 1));
    return { value: items.map(({ value }) => value), literal: `[${items.map(({ literal }) => literal).join(', ')}]` };
  }
  const named = model.types.get(type.name);
  if (named?.kind === 'enum') {
    const name = from.pick([...named.values.keys()]);
    return { value: name, literal: name };
  }
  if (named?.kind !== 'input') return drawScalar(type.name, from);
  const fields = [...named.fields.values()];
  const chosen = named.oneOf
    ? [level > mostLevels ? fields[0]! : from.pick(fields)].map((field) => ({
        ...field,
        type: { ...field.type, nonNull: true },
      }))
    : fields.filter((field) => isRequired(field) || (level <= mostLevels && from.rarely(2)));
  const drawn = chosen.map((field) => [field.name, drawValue(model, field.type, from, level + 1)] as const);
  return {
    value: Object.fromEntries(drawn.map(([name, { value }]) => [name, value])),
    literal: `{ ${drawn.map(([name, { literal }]) => `${name}: ${literal}`).join(', ')} }`,
  };
}

function drawScalar(name: string, from: Choices): DrawnValue {
  switch (name) {
    case 'Int':
      return written(from.pick([0, 1, -5, 2_147_483_647]));
    case 'Float':
      return written(from.pick([0, 1.5, -2e30, 7]));
    case 'Boolean':
      return written(from.rarely(2));
    case 'ID':
      return written(from.pick(['', 'a', '17']));
    default:
      return written(from.pick(['', 'sea', '"}{', '\\n$x', 'é😀']));
  }
}

function written(value: string | number | boolean): DrawnValue {
  return { value, literal: JSON.stringify(value).replace('e+', 'e') };
}
