// `holdfast/server/fetch`: a server for runtimes and frameworks that speak the Fetch standard. This list is its public API. What of
// `holdfast/server` needs no Node is here as well, because that needs it.

export { HookTimeoutError } from '../../call-hook.js';
export { ConnectionRefused, type ConnectionRefusedOptions } from '../../connection-refused.js';
export type { Engine } from '../../execution/engine.js';
export { FinaliseTimeoutError } from '../../execution/event-stream.js';
export { type JitOptions, jit } from '../../execution/jit/jit.js';
export type {
  AcceptOrRefuse,
  ConnectContext,
  DisconnectContext,
  FailedOperation,
  FailureSource,
  Hooks,
  OperationContext,
  PrincipalContext,
  RequestHeaders,
} from '../../hook-types.js';
export type { EndpointOptions } from '../../http/endpoint-options.js';
export {
  isUpload,
  type UploadedFile,
  type UploadScalarConfig,
  uploadScalar,
} from '../../http/uploads/uploaded-file.js';
export { type MemoryIdempotencyOptions, memoryIdempotency } from '../../idempotency/memory.js';
export type { IdempotencyStore } from '../../idempotency/store.js';
export type { DrainOptions } from '../../life.js';
export type { DocumentOptions, ServerOptions, UploadOptions } from '../../options.js';
export { createServer, type Server } from '../../server.js';
export type { ServerLimits } from '../../server-limits.js';
export type { ServerStats } from '../../stats.js';
export { PeerSilentError } from '../../websocket/keep-alive.js';
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
