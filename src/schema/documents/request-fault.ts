// What is wrong with a request that is about to be sent, as its schema has it: its document, checked once, and the variables
// of this call.

import { DocumentError } from '../../protocol/errors/document-error.js';
import type { Upload } from '../../protocol/upload.js';
import type { Start } from '../../session/interceptors.js';
import { ValidationError } from '../errors/validation-error.js';
import type { Schema } from '../schema.js';
import type { DocumentPlan } from './plan.js';
import { planDocument } from './plan-document.js';
import { writeDocumentVariables } from './write-variables.js';

export type CheckedRequest = Parameters<Start>[0];

export type RequestFault = ValidationError | DocumentError;

/** Undefined: nothing is wrong. Rejects with what keeps the request from being checked. */
export async function faultOf(request: CheckedRequest, schema: Schema): Promise<RequestFault | undefined> {
  const { query, operationName } = request;
  try {
    const plan = await planDocument(schema, query, { operationName, check: true });
    if (plan !== undefined) checkVariables(request, plan, schema);
    return undefined;
  } catch (error) {
    if (error instanceof ValidationError || error instanceof DocumentError) return error;
    throw error;
  }
}

function checkVariables({ variables, uploads = [] }: CheckedRequest, plan: DocumentPlan, schema: Schema): void {
  if (variables === undefined && plan.variables.size === 0) return;
  // As JSON has it: the session's own codec may make other things of numbers than its server reads.
  const values = variables === undefined ? {} : JSON.parse(variables.text);
  for (const { paths, upload } of uploads) {
    // As in `variables.covers.0`.
    for (const path of paths) putBack(values, path.split('.').slice(1), upload);
  }
  writeDocumentVariables(plan, schema.model, {}, values);
}

/** In the place of a file stands null. A path through names with dots leads nowhere, into the value of some scalar at most. */
function putBack(holder: unknown, [key, ...others]: readonly string[], upload: Upload): void {
  if (typeof holder !== 'object' || holder === null || key === undefined || !Object.hasOwn(holder, key)) return;
  const members = holder as Record<string, unknown>;
  if (others.length > 0) putBack(members[key], others, upload);
  else members[key] = upload;
}
