// An API whose session has a connection that a test answers for: for what goes out, and for what comes of answers.

import { buildSchema, type GraphQLSchema } from 'graphql';
import type { Api } from '../../../../src/schema/api/api.js';
import { type ApiOptions, createApi } from '../../../../src/schema/api/create-api.js';
import type { FakeConnection } from '../../../session/support/fake-transport.js';
import { type Harness, readySession } from '../../../session/support/harness.js';
import { sdl } from './bookshop.js';

export interface OfflineApi extends Harness {
  readonly api: Api;
  readonly connection: FakeConnection;
}

export async function offlineApi(options: ApiOptions & { readonly schema?: GraphQLSchema } = {}): Promise<OfflineApi> {
  const { schema = buildSchema(sdl), ...rest } = options;
  const harness = await readySession();
  return { ...harness, api: createApi(harness.session, schema, rest) };
}
