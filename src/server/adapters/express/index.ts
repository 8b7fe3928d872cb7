// `holdfast/server/express`: a server as middleware of Express 5 and 4, with WebSocket on the same port. This list is its public
// API.

export type { EndpointOptions } from '../../http/endpoint-options.js';
export type { CloseOptions } from '../close-options.js';
export type { UpgradeServer } from '../mounted.js';
export { createExpressMiddleware, type ExpressMiddleware, type ExpressRequest } from './middleware.js';
