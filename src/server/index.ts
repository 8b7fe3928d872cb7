// `holdfast/server`: a GraphQL server for WebSocket and HTTP. This list is its public API.

export type { ExecuteOptions, Execution, ExecutionContext, Executor } from '../protocol/executor.js';
export { type CloseOptions, createHandler, type Handler, type HandlerOptions } from './adapters/node/handler.js';
export type { HttpRequest, HttpResponse } from './adapters/node/message.js';
export { type ServeOptions, type Serving, serve } from './adapters/node/serve.js';
export { HookTimeoutError } from './call-hook.js';
export { ConnectionRefused, type ConnectionRefusedOptions } from './connection-refused.js';
export { FinaliseTimeoutError } from './execution/event-stream.js';
export type {
  AcceptOrRefuse,
  ConnectContext,
  DisconnectContext,
  FailureSource,
  Hooks,
  OperationContext,
  RequestHeaders,
} from './hook-types.js';
export { ListenError } from './listen-error.js';
export type { DocumentOptions, ServerOptions, UploadOptions } from './options.js';
export { createServer, type Server } from './server.js';
export type { ServerLimits } from './server-limits.js';
export type { ServerStats } from './stats.js';
export { PeerSilentError } from './websocket/keep-alive.js';
