// Whether an error means that a server does not answer questions about its schema. The specification has no word for it:
// servers say it in their own, by a code, or as if the fields of introspection did not exist.

import type { GraphQLError } from '../../../protocol/result.js';

const denial =
  /disabled?|\bnot?\b|n't|cannot|unknown|undefined|undeclared|forbidden|denied|blocked|prohibited|restricted|invalid/i;

export function saysDisabled({ message, extensions = {} }: GraphQLError): boolean {
  const codes = [extensions.code, extensions.validationErrorCode, extensions.classification];
  if (codes.some((code) => typeof code === 'string' && /introspection|^HC0046$/i.test(code))) return true;
  if (typeof message !== 'string' || !denial.test(message)) return false;
  // The types of introspection begin with a capital: a server that lacks a field of "__Type" is no server that denies "__type".
  return /introspect/i.test(message) || /__(schema|type)\b/.test(message);
}
