// `holdfast/server`: a GraphQL server for WebSocket and HTTP. This list is its public API.

export type { ExecuteOptions, Execution, ExecutionContext, Executor } from '../protocol/executor.js';
export type { CloseOptions } from './adapters/close-options.js';
export { createHandler, type Handler, type HandlerOptions } from './adapters/node/handler.js';
export type { HttpRequest, HttpResponse } from './adapters/node/message.js';
export type { TlsOptions } from './adapters/node/port.js';
export { type ServeOptions, type Serving, serve } from './adapters/node/serve.js';
export { HookTimeoutError } from './call-hook.js';
export { ConnectionRefused, type ConnectionRefusedOptions } from './connection-refused.js';
export type { Engine, OperationSource } from './execution/engine.js';
export { FinaliseTimeoutError } from './execution/event-stream.js';
export { type JitOptions, jit } from './execution/jit/jit.js';
export type { PreparedOperation, Ran, RunInput, Subscribed } from './execution/prepared.js';
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
} from './hook-types.js';
export type { EndpointOptions } from './http/endpoint-options.js';
export { isUpload, type UploadedFile, type UploadScalarConfig, uploadScalar } from './http/uploads/uploaded-file.js';
export { type MemoryIdempotencyOptions, memoryIdempotency } from './idempotency/memory.js';
export { type RedisIdempotency, type RedisIdempotencyOptions, redisIdempotency } from './idempotency/redis.js';
export type { Begun, IdempotencyKey, IdempotencyStore, IdempotentRun, Settled } from './idempotency/store.js';
export type { DrainOptions } from './life.js';
export { ListenError } from './listen-error.js';
export type { DocumentOptions, ServerOptions, UploadOptions } from './options.js';
export { createServer, type Server } from './server.js';
export type { ServerLimits } from './server-limits.js';
export type { ServerStats } from './stats.js';
export type {
  Outcome,
  Scope,
  ServedConnectionMessage,
  ServedOperation,
  ServedOperationMessage,
  ServerChannelMessages,
} from './telemetry/messages.js';
export { PeerSilentError } from './websocket/keep-alive.js';
