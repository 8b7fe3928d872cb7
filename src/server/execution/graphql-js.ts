// The engine that every server has: graphql-js itself.

import type { Engine } from './engine.js';

export function graphqlJs(): Engine {
  return {
    name: 'graphql-js',
    prepare: () => {
      throw new Error('not yet');
    },
  };
}
