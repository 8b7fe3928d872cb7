// The benches by name. Each answers with its rounds and the figures of every contender in every cell.

import { clientHttp } from './client-http/bench.js';
import { clientWs } from './client-ws/bench.js';
import { serverHttp } from './server-http/bench.js';
import { serverWs } from './server-ws/bench.js';
import { typedApi } from './typed-api/bench.js';

export const benches = [clientWs, clientHttp, serverWs, serverHttp, typedApi];
