// The schema of the server's tests with mutations that take files: what they answer shows what arrived.
import {
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { type UploadedFile, uploadScalar } from '../../../src/server/http/uploads/uploaded-file.js';
import { makeSchema, type Probe } from '../support/schema.js';

export function makeUploadSchema(probe: Probe): GraphQLSchema {
  const base = makeSchema(probe);
  const mutation = base.getMutationType();
  if (mutation === null || mutation === undefined) throw new Error('No mutation');
  const upload = new GraphQLNonNull(new GraphQLScalarType(uploadScalar));
  const album = new GraphQLInputObjectType({
    name: 'Album',
    fields: { title: { type: GraphQLString }, pages: { type: new GraphQLList(new GraphQLList(upload)) } },
  });
  const { fields, ...config } = mutation.toConfig();
  return new GraphQLSchema({
    query: base.getQueryType(),
    subscription: base.getSubscriptionType(),
    mutation: new GraphQLObjectType({
      ...config,
      fields: {
        ...fields,
        store: {
          type: GraphQLString,
          args: { file: { type: upload } },
          resolve: (_source, { file }: { file: UploadedFile }) => {
            probe.began.push('store');
            return show(file);
          },
        },
        storeAlbum: {
          type: GraphQLString,
          args: { album: { type: album } },
          resolve: async (_source, { album: { title, pages } }: { album: Album }) => {
            const shown = await Promise.all(pages.flat().map(show));
            return `${title}: ${shown.join(', ')}`;
          },
        },
        storeAll: {
          type: new GraphQLList(GraphQLString),
          args: { files: { type: new GraphQLNonNull(new GraphQLList(upload)) } },
          resolve: (_source, { files }: { files: readonly UploadedFile[] }) => Promise.all(files.map(show)),
        },
      },
    }),
  });
}

interface Album {
  readonly title: string;
  readonly pages: readonly (readonly UploadedFile[])[];
}

async function show(file: UploadedFile): Promise<string> {
  return `${file.name} ${file.type} ${file.size}: ${await file.text()}`;
}
