// `holdfast/server/fastify`: a server as a plugin of Fastify 5, over HTTP/1.1 and HTTP/2, with WebSocket on the same port. This
// list is its public API.

export type { EndpointOptions } from '../../http/endpoint-options.js';
export type { CloseOptions } from '../close-options.js';
export type { UpgradeServer } from '../mounted.js';
export {
  type FastifyApp,
  type FastifyReply,
  type FastifyRequest,
  type HoldfastFastifyOptions,
  holdfastFastify,
} from './plugin.js';
