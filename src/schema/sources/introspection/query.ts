// The two questions that a server is asked about its schema: what its introspection knows, and then everything it knows. A
// field or argument that an old server lacks is left out, instead of failing the whole query.
// GraphQL specification, September 2025, section 4.2.

import { isJsonObject } from '../../../protocol/json.js';

/** What the types of introspection have, as far as the server tells: arguments by field by type. */
export type Features = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

const typeNames = ['__Schema', '__Type', '__Field', '__InputValue', '__EnumValue', '__Directive'] as const;

/** Asks for fields and arguments of the types of introspection. */
export const featuresQuery: string = [
  'query IntrospectionFeatures {',
  ...typeNames.map((name) => `  ${name.slice(2)}: __type(name: "${name}") { ...Known }`),
  '}',
  'fragment Known on __Type { fields(includeDeprecated: true) { name args { name } } }',
].join('\n');

/** Reads the answer; of a type that it says nothing of, what the specification of October 2016 has is assumed. */
export function readFeatures(data: unknown): Features {
  const answer = isJsonObject(data) ? data : {};
  return new Map(
    typeNames.map((name) => {
      const told = named(Object(answer[name.slice(2)]).fields);
      const fields = new Map(told.map((field) => [field.name, named(field.args).map((arg) => arg.name)]));
      return [name, fields.size > 0 ? fields : fieldsOf2016(name)];
    }),
  );
}

interface Named {
  readonly name: string;
  readonly args?: unknown;
}

function named(list: unknown): readonly Named[] {
  return Array.isArray(list) ? list.filter((one) => typeof Object(one).name === 'string') : [];
}

/** What is wanted of each type, with the fragment for what is inside. */
const wanted: Readonly<Record<(typeof typeNames)[number], readonly (readonly [field: string, inside?: string])[]>> = {
  __Schema: [
    ['description'],
    ['queryType', '{ name }'],
    ['mutationType', '{ name }'],
    ['subscriptionType', '{ name }'],
    ['types', '{ ...Type }'],
    ['directives', '{ ...Directive }'],
  ],
  __Type: [
    ['kind'],
    ['name'],
    ['description'],
    ['specifiedByURL'],
    ['specifiedByUrl'],
    ['isOneOf'],
    ['fields', '{ ...Field }'],
    ['inputFields', '{ ...InputValue }'],
    ['interfaces', '{ kind name }'],
    ['enumValues', '{ ...EnumValue }'],
    ['possibleTypes', '{ kind name }'],
  ],
  __Field: [
    ['name'],
    ['description'],
    ['args', '{ ...InputValue }'],
    ['type', '{ ...Reference }'],
    ['isDeprecated'],
    ['deprecationReason'],
  ],
  __InputValue: [
    ['name'],
    ['description'],
    ['type', '{ ...Reference }'],
    ['defaultValue'],
    ['isDeprecated'],
    ['deprecationReason'],
  ],
  __EnumValue: [['name'], ['description'], ['isDeprecated'], ['deprecationReason']],
  __Directive: [
    ['name'],
    ['description'],
    ['isRepeatable'],
    ['locations'],
    ['args', '{ ...InputValue }'],
    ['onOperation'],
    ['onFragment'],
    ['onField'],
  ],
};

/** Came later, or had been replaced by then. */
const notIn2016: ReadonlySet<string> = new Set([
  '__Schema.description',
  '__Type.specifiedByURL',
  '__Type.specifiedByUrl',
  '__Type.isOneOf',
  '__InputValue.isDeprecated',
  '__InputValue.deprecationReason',
  '__Directive.isRepeatable',
  '__Directive.onOperation',
  '__Directive.onFragment',
  '__Directive.onField',
]);

function fieldsOf2016(type: (typeof typeNames)[number]): ReadonlyMap<string, readonly string[]> {
  const fields = wanted[type].map(([field]) => field).filter((field) => !notIn2016.has(`${type}.${field}`));
  const withDeprecated = type === '__Type' ? ['fields', 'enumValues'] : [];
  return new Map(fields.map((field) => [field, withDeprecated.includes(field) ? ['includeDeprecated'] : []]));
}

/** Lists and non-nulls around a name that are asked for: `[[Book!]!]!` has four. */
const depth = 9;

/** Asks for all that is wanted and the server knows. */
export function introspectionQuery(features: Features): string {
  const selectionOf = (type: (typeof typeNames)[number]): string => {
    const known = features.get(type);
    const fields = wanted[type].flatMap(([field, inside]) => {
      const args = known?.get(field);
      if (args === undefined) return [];
      const deprecatedToo = args.includes('includeDeprecated') ? '(includeDeprecated: true)' : '';
      return [`${field}${deprecatedToo}${inside === undefined ? '' : ` ${inside}`}`];
    });
    return `{ ${fields.join(' ')} }`;
  };
  const [schema, ...others] = typeNames;
  return [
    `query IntrospectionQuery { __schema ${selectionOf(schema)} }`,
    ...others.map((type) => `fragment ${type.slice(2)} on ${type} ${selectionOf(type)}`),
    `fragment Reference on __Type ${'{ kind name ofType '.repeat(depth)}{ kind name }${' }'.repeat(depth)}`,
  ].join('\n');
}
