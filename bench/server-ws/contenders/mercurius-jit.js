// Mercurius on Fastify, with graphql-jit from the second execution of a document on.

import { listen as listenWith } from './mercurius.js';

export const listen = () => listenWith({ jit: 1 });
