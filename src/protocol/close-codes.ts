// WebSocket close codes that GraphQL peers use: RFC 6455 section 7.4 (1xxx) and the graphql-transport-ws protocol (44xx, 4500, 4504).
// One constant each, imported together as `CloseCode`: a page loads the numbers that it uses, and not a table with all the names.

export const normal = 1000;
export const goingAway = 1001;
export const protocolError = 1002;
export const unsupportedData = 1003;
/** Never on the wire: the peer's close frame carried no code. */
export const noStatus = 1005;
/** Never on the wire: the socket ended without a close frame. */
export const abnormal = 1006;
export const invalidPayload = 1007;
export const policyViolation = 1008;
export const tooLarge = 1009;
export const internalError = 1011;
export const serviceRestart = 1012;
export const tryAgainLater = 1013;
export const badGateway = 1014;
/** Sent by clients: the server's message was malformed. */
export const badResponse = 4004;
export const badRequest = 4400;
export const unauthorized = 4401;
export const forbidden = 4403;
export const subprotocolNotAcceptable = 4406;
export const initialisationTimeout = 4408;
export const subscriberAlreadyExists = 4409;
export const tooManyInitialisationRequests = 4429;
/** By convention: ended by the client because the peer seems dead. */
export const terminated = 4499;
export const serverError = 4500;
export const acknowledgementTimeout = 4504;
