// A server for the snippets of the guides to the typed API: it has a guide's schema, and an answer for every field. Names are
// made up, lists have two entries, what is abstract is the first type that it may be, and a subscription has one event.

import { buildSchema, getNullableType, isAbstractType, isEnumType, isListType, isObjectType } from 'graphql';
import { createServer, serve } from 'holdfast/server';

/** What the scalars of the guides are answered with. */
const scalars = {
  ID: '1',
  Int: 4,
  Float: 4.5,
  Boolean: true,
  DateTime: '2026-11-21T12:00:00.000Z',
  BigInt: '9007199254740993',
  Money: '12.50 EUR',
};

export function mockSchema(sdl) {
  const schema = buildSchema(sdl);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) field.resolve = () => answerOf(schema, field.type, field.name);
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    field.subscribe = async function* () {
      yield {};
    };
  }
  return schema;
}

/** On a port of its own, saying nothing. */
export function serveMock(sdl) {
  return serve(createServer({ schema: mockSchema(sdl), development: true }), { port: 0, quiet: true });
}

function answerOf(schema, type, name) {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [1, 2].map(() => answerOf(schema, nullable.ofType, name));
  if (isAbstractType(nullable)) return { __typename: schema.getPossibleTypes(nullable)[0].name };
  if (isObjectType(nullable)) return {};
  if (isEnumType(nullable)) return nullable.getValues()[0].value;
  return scalars[nullable.name] ?? `some ${name}`;
}
