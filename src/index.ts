// The package's face: sessions, their errors and types, and jitter. Transports and the server have entry points of their own.

export { connect, createSession, type SessionOptions } from './connect.js';
export type { Delivery } from './protocol/delivery.js';
export { type DocumentById, type DocumentByIdOptions, type DocumentSource, documentById } from './protocol/document.js';
export { DocumentError } from './protocol/errors/document-error.js';
export { HoldfastError, type Phase } from './protocol/errors/holdfast-error.js';
export { MissingDependencyError } from './protocol/errors/missing-dependency-error.js';
export { OptionError } from './protocol/errors/option-error.js';
export type { ResultPatch, ResultPath } from './protocol/incremental/part.js';
export type { JsonCodec, JsonObject, JsonValue } from './protocol/json.js';
export { JsonText } from './protocol/json-text.js';
export type { Position } from './protocol/position.js';
export type { GraphQLError, OperationKind } from './protocol/result.js';
export {
  type Upload,
  type UploadContents,
  type UploadOptions,
  type UploadProgress,
  type UploadSource,
  upload,
} from './protocol/upload.js';
export type { BufferOptions, WhenFull } from './session/buffer-options.js';
export type { CallMeta, CallResult } from './session/call.js';
export type { VariablesThenOptions } from './session/call-parameters.js';
export type { CredentialsProvider } from './session/credentials.js';
export { BufferFullError } from './session/errors/buffer-full-error.js';
export { CancelledError } from './session/errors/cancelled-error.js';
export { ConnectError } from './session/errors/connect-error.js';
export { ConnectionLostError } from './session/errors/connection-lost-error.js';
export { DeadlineError } from './session/errors/deadline-error.js';
export { GapError } from './session/errors/gap-error.js';
export { GraphQLResultError } from './session/errors/graphql-result-error.js';
export { InterceptorError } from './session/errors/interceptor-error.js';
export { OperationRejectedError } from './session/errors/operation-rejected-error.js';
export { OutcomeUnknownError } from './session/errors/outcome-unknown-error.js';
export { ProtocolError } from './session/errors/protocol-error.js';
export { QueueFullError } from './session/errors/queue-full-error.js';
export { ResponseError } from './session/errors/response-error.js';
export { ServerError } from './session/errors/server-error.js';
export { SessionClosedError } from './session/errors/session-closed-error.js';
export { type FailureTimings, SessionError } from './session/errors/session-error.js';
export type { Interceptor, InterceptorOptions, InterceptorSession, Start } from './session/interceptors.js';
export type { Pong } from './session/link.js';
export { mapRequest } from './session/map-request.js';
export type {
  ChannelMessages,
  ConnectionNotice,
  OperationInfo,
  OperationNotice,
  SessionEvents,
  SessionMark,
} from './session/notices.js';
export type { Listener } from './session/notifier.js';
export type { Interruption } from './session/operation.js';
export type { LivenessOptions } from './session/options.js';
export { type AutomaticPersistedQueriesOptions, automaticPersistedQueries } from './session/persisted/automatic.js';
export {
  type DocumentIdOf,
  type DocumentManifest,
  type TrustedDocumentsOptions,
  trustedDocuments,
} from './session/persisted/trusted.js';
export type { CallOptions, StreamOptions, SubscribeOptions } from './session/prepare.js';
export type { ReadyOptions } from './session/readiness.js';
export { jitter, type RetryContext, type RetryOptions, type RetryRule, type Verdict } from './session/retry.js';
export type {
  CloseOptions,
  PingOptions,
  Session,
} from './session/session.js';
export type { LivenessMode, SessionState } from './session/state.js';
export type { ResultStream } from './session/stream.js';
export type { StreamPart, StreamPatch, StreamSnapshot } from './session/stream-part.js';
export type { OnGap, Subscription } from './session/subscription.js';
export type { Gap, GapReason, SubscriptionEvent } from './session/subscription-event.js';
export type {
  Clock,
  Credentials,
  Failure,
  FailureCode,
  Handle,
  Lane,
  Limits,
  OperationRequest,
  Request,
  ResponseHead,
  Route,
  Sink,
  Transport,
} from './transport/contract.js';
