// WebSocket close codes that GraphQL peers use: RFC 6455 section 7.4 (1xxx) and the graphql-transport-ws protocol (44xx, 4500, 4504).

export const CloseCode = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  /** Never on the wire: the peer's close frame carried no code. */
  noStatus: 1005,
  /** Never on the wire: the socket ended without a close frame. */
  abnormal: 1006,
  invalidPayload: 1007,
  policyViolation: 1008,
  tooLarge: 1009,
  internalError: 1011,
  serviceRestart: 1012,
  tryAgainLater: 1013,
  badGateway: 1014,
  /** Sent by clients: the server's message was malformed. */
  badResponse: 4004,
  badRequest: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  subprotocolNotAcceptable: 4406,
  initialisationTimeout: 4408,
  subscriberAlreadyExists: 4409,
  tooManyInitialisationRequests: 4429,
  /** By convention: ended by the client because the peer seems dead. */
  terminated: 4499,
  serverError: 4500,
  acknowledgementTimeout: 4504,
} as const;

/** RFC 6455, section 5.5: a control frame carries at most 125 bytes, two of them the code. */
export const maxCloseReasonBytes = 123;

const encoder = new TextEncoder();

/** Cuts a close reason to what fits in a close frame, without splitting a character. */
export function fitCloseReason(reason: string): string {
  if (reason.length * 3 <= maxCloseReasonBytes) return reason;
  const { read } = encoder.encodeInto(reason, new Uint8Array(maxCloseReasonBytes));
  return reason.slice(0, read);
}
