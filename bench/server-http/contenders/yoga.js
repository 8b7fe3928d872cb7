// GraphQL Yoga on `node:http`.

import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { listenOn } from '../../measuring/served.js';
import { schema } from '../../shop/schema.js';

export const listen = () => listenOn(createServer(createYoga({ schema, logging: false })));
