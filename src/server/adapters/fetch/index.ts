// `holdfast/server/fetch`: a server for runtimes and frameworks that speak the Fetch standard. This list is its public API.

export type { EndpointOptions } from '../../http/endpoint-options.js';
export type { CloseOptions } from '../close-options.js';
export { chooseSubprotocol, createFetchHandler, type FetchHandler } from './handler.js';
export type {
  FetchBody,
  FetchRequest,
  FetchResponse,
  RequestInfo,
  ServerWebSocket,
  WebSocketInfo,
} from './platform.js';
