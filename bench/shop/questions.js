// What is asked of every contender, and what is right: graphql-js says so. Variables differ from one operation to the next,
// so that nobody can answer by heart what was only asked once.

import { isDeepStrictEqual } from 'node:util';
import { graphql } from 'graphql';
import { categories, productIds, schema } from './schema.js';

const small = `query Product($id: ID!) {
  product(id: $id) { id name price available maker { id name } }
}`;

const list = `query Products($category: Category!, $first: Int!) {
  products(category: $category, first: $first) { id name category price available rating tags maker { id name country } }
}`;

/** @typedef {{ query: string, variables: object, data: object }} Question */

/** @param {string} query @param {readonly object[]} variables @returns {Promise<Question[]>} */
function ask(query, variables) {
  return Promise.all(
    variables.map(async (variableValues) => {
      const { data, errors } = await graphql({ schema, source: query, variableValues });
      if (errors !== undefined) throw errors[0];
      return { query, variables: variableValues, data: JSON.parse(JSON.stringify(data)) };
    }),
  );
}

export const questions = {
  small: await ask(
    small,
    productIds.map((id) => ({ id })),
  ),
  list: await ask(
    list,
    categories.map((category) => ({ category, first: 50 })),
  ),
};

/** As clients send it. @param {Question} question */
export const requestOf = ({ query, variables }) => JSON.stringify({ query, variables });

/** Throws where a result is not right. @param {object} result @param {Question} question */
export function check(result, { data, variables }) {
  const right = isDeepStrictEqual(result?.data, data) && result.errors === undefined;
  if (!right)
    throw new Error(`${JSON.stringify(variables)} was answered with ${JSON.stringify(result)?.slice(0, 200)}`);
}
