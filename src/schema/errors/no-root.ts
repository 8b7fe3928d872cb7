// The error for a root that a program asks for and a schema lacks.

import type { OperationKind } from '../../protocol/result.js';
import type { Schema } from '../schema.js';
import { SchemaError } from './schema-error.js';

const plural: Readonly<Record<OperationKind, string>> = {
  query: 'queries',
  mutation: 'mutations',
  subscription: 'subscriptions',
};

/** What is missing stands nowhere: its place is that of the query type, beside which it would stand. */
export function noRoot(kind: OperationKind, schema: Schema): SchemaError {
  const { model, source } = schema;
  const place = schema.placeOf(model.roots.query ?? '');
  const message = `This schema has no type for ${plural[kind]}, so there is nothing in "api.${kind}". Where the server has one by now, read its schema again.`;
  return new SchemaError('no-root', message, { source, place });
}
