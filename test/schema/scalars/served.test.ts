// Values on their way through a real server: out of the program, into resolvers, and back.
import { buildSchema, type GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Session, upload } from '../../../src/index.js';
import type { Api } from '../../../src/schema/api/api.js';
import { createApi } from '../../../src/schema/api/create-api.js';
import { bigInt, bytes, date, dateTime, enumValues, json } from '../../../src/schema/index.js';
import { createServer, type Serving, serve, type UploadedFile, uploadScalar } from '../../../src/server/index.js';
import { undici } from '../../../src/transport/undici/index.js';

const sdl = `
  scalar DateTime
  scalar Date
  scalar Long
  scalar JSON
  scalar Bytes
  scalar Upload
  enum Color { RED GREEN }
  input ThingInput { at: DateTime, day: Date, size: Long, extra: JSON, bytes: Bytes, color: Color, colors: [[Color]], parts: [ThingInput!] }
  type Thing implements Part { at: DateTime, day: Date, size: Long, extra: JSON, bytes: Bytes, color: Color, colors: [[Color]], parts: [Thing!], like: Part }
  interface Part { at: DateTime, like: Part }
  type Query {
    thing(thing: ThingInput!): Thing
    long(long: Long): Long
    given: Thing
  }
  type Mutation { store(file: Upload!, album: [Cover]): String }
  input Cover { file: Upload!, at: DateTime }
`;

const scalars = {
  DateTime: dateTime,
  Date: date,
  Long: bigInt,
  JSON: json,
  Bytes: bytes,
  Color: enumValues({ RED: 0xff0000, GREEN: 0x00ff00 }),
};

const given = {
  __typename: 'Thing',
  at: '2026-11-21T15:32:19Z',
  color: 'RED',
  like: { __typename: 'Thing', at: '2026-01-01T00:00:00Z', color: 'GREEN', size: '5' },
};

function thingSchema(): GraphQLSchema {
  const schema = buildSchema(sdl);
  Object.assign(schema.getType('Upload') as object, uploadScalar);
  const query = schema.getQueryType()?.getFields() ?? {};
  if (query.thing !== undefined) query.thing.resolve = (_, { thing }) => thing;
  if (query.long !== undefined) query.long.resolve = (_, { long }) => long;
  if (query.given !== undefined) query.given.resolve = () => given;
  const { store } = schema.getMutationType()?.getFields() ?? {};
  if (store !== undefined) {
    store.resolve = async (
      _,
      { file, album = [] }: { file: UploadedFile; album?: { file: UploadedFile; at: string }[] },
    ) => {
      const shown = [`${file.name}: ${await file.text()}`];
      for (const cover of album) shown.push(`${cover.file.name} of ${cover.at}: ${await cover.file.text()}`);
      return shown.join(', ');
    };
  }
  return schema;
}

let serving: Serving;
let session: Session;
let api: Api;

beforeAll(async () => {
  const schema = thingSchema();
  serving = await serve(createServer({ schema, uploads: true, development: true }), {
    port: 0,
    quiet: true,
    signals: false,
  });
  session = await connect({ transport: undici(serving.url) });
  api = createApi(session, schema, { scalars });
});
afterAll(async () => {
  await session.close();
  await serving.close({ graceMs: 0 });
});

test('what a program gives is what it gets back, whatever it travels as', async () => {
  const thing = {
    at: new Date(1_792_000_000_123),
    day: '2026-11-21',
    size: 2n ** 63n,
    extra: { deep: [1, 'two', null] },
    bytes: Uint8Array.of(0, 128, 255),
    color: 0xff0000,
    colors: [[0x00ff00, null], null, []],
  };
  const leaves = ['at', 'day', 'size', 'extra', 'bytes', 'color', 'colors'];
  expect(await api.query.thing!({ thing: { ...thing, parts: [thing] } }, [...leaves, { parts: leaves }])).toEqual({
    ...thing,
    parts: [thing],
  });
  const { variables } = api.query.thing!.request({ thing });
  expect(variables).toEqual({
    thing: {
      at: '2026-10-14T17:46:40.123Z',
      day: '2026-11-21',
      size: '9223372036854775808',
      extra: { deep: [1, 'two', null] },
      bytes: 'AID/',
      color: 'RED',
      colors: [['GREEN', null], null, []],
    },
  });
});

describe('custom scalars and enums in raw documents', () => {
  const like = { at: new Date('2026-01-01T00:00:00Z'), color: 0x00ff00, size: 5n };

  test('are decoded in nested fragments, under aliases, in objects of an interface', async () => {
    const document = `
      query { given { first: at ...Like } }
      fragment Like on Part { like { ...Deep } }
      fragment Deep on Part { when: at ... on Thing { color, sizes: size } }
    `;
    expect(await api.execute(document)).toEqual({
      given: {
        first: new Date('2026-11-21T15:32:19Z'),
        like: { when: like.at, color: like.color, sizes: like.size },
      },
    });
  });

  test('are merged where selections overlap, and nothing of them is lost', async () => {
    const document = `
      query { given { like { at } ...Rest ... on Thing { like { ... on Thing { size } } } } }
      fragment Rest on Part { like { ... on Thing { color } at } }
    `;
    expect(await api.execute(document)).toEqual({ given: { like } });
  });

  test('are merged just so in selections', async () => {
    const selection = {
      like: { at: true },
      $spread: [{ like: { $on: { Thing: { color: true } } } }],
      $on: { Thing: { like: { $on: { Thing: { size: true } } } } },
    };
    expect(await api.query.given!({}, selection)).toEqual({ like });
  });
});

describe('uploads', () => {
  const text = (content: string, filename: string) => upload(new Blob([content]), { filename });

  test('need no codec', async () => {
    expect(await api.mutation.store!({ file: text('one', 'a.txt') })).toBe('a.txt: one');
  });

  test('go beside values that have one, deep in input objects, Blobs and Files among them', async () => {
    const at = new Date('2026-01-01T00:00:00Z');
    const album = [
      { file: text('two', 'b.txt'), at },
      { file: new File(['three'], 'c.txt'), at },
    ];
    expect(await api.mutation.store!({ file: new Blob(['zero']), album })).toBe(
      'blob: zero, b.txt of 2026-01-01T00:00:00.000Z: two, c.txt of 2026-01-01T00:00:00.000Z: three',
    );
  });
});

test('a number that was rounded on its way is an error that says so', async () => {
  const asNumber = { ...bigInt, encode: Number };
  const rounded = createApi(session, thingSchema(), { scalars: { Long: asNumber } });
  await expect(rounded.query.long!({ long: 2n ** 53n })).rejects.toMatchObject({
    name: 'ScalarError',
    code: 'cannot-decode',
    delivery: 'answered',
    scalar: 'Long',
    message: expect.stringContaining('was rounded'),
  });
});
