// graphql-http on `node:http`.

import { createServer } from 'node:http';
import { createHandler } from 'graphql-http/lib/use/http';
import { listenOn } from '../../measuring/served.js';
import { schema } from '../../shop/schema.js';

export const listen = () => listenOn(createServer(createHandler({ schema })));
