// What the two raw contenders have in common: the least that a request needs, and the body of an answer.

import { query } from '../question.js';

export const headers = {
  accept: 'application/graphql-response+json, application/json;q=0.9',
  'content-type': 'application/json',
};

const start = `{"query":${JSON.stringify(query)},"variables":`;

/** @param {object} variables */
export const bodyOf = (variables) => `${start}${JSON.stringify(variables)}}`;

/** @param {readonly Buffer[]} chunks */
export const dataOf = (chunks) => JSON.parse((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)).toString()).data;
