// Opens one connection of HTTP/2: TCP or a Unix socket, TLS with ALPN (RFC 7301) or prior knowledge (RFC 9113, section 3.3),
// then the peer's SETTINGS, because before them Node would start more streams than the peer allows.

import { connect as http2Connect } from 'node:http2';
import { isIP, connect as netConnect, type Socket } from 'node:net';
import { TLSSocket, connect as tlsConnect } from 'node:tls';
import type { ConnectionEvents, Failure, OpenContext } from '../contract.js';
import { OpenError } from '../open-error.js';
import { Http2Client } from './client.js';
import { abortedFailure, connectFailure, noHttp2, openTimeout, refusedOption } from './failures.js';
import type { ResolvedHttp2Options } from './options.js';
import { maxUnanswered } from './vital-signs.js';

/** What the peer may send of one answer before we have read it, bytes: what a paused stream costs at most. */
const streamWindow = 2 ** 20;
/** The same for all streams together. Node reads at once whatever comes, so this bounds speed over a long way, not memory. */
const connectionWindow = 2 ** 24;

/** In MB. Node counts bodies on their way out as well, and refuses answers above its default of 10. */
const maxSessionMemory = 4_096;

/** Rejects with an OpenError. */
export function openClient(
  options: ResolvedHttp2Options,
  context: OpenContext,
  events: ConnectionEvents,
): Promise<Http2Client> {
  const { clock, limits, signal } = context;
  const { place } = options.http;
  return new Promise((resolve, reject) => {
    let socket: Socket | undefined;
    let client: Http2Client | undefined;
    const settled = (): void => {
      cancelTimer();
      signal.removeEventListener('abort', aborted);
    };
    const fail = (failure: Failure): void => {
      settled();
      client?.destroy();
      socket?.destroy();
      reject(new OpenError(failure));
    };
    const aborted = (): void => fail(abortedFailure());
    const cancelTimer = clock.setTimer(limits.openTimeoutMs, () => fail(openTimeout(place, limits.openTimeoutMs)));
    if (signal.aborted) {
      aborted();
      return;
    }
    signal.addEventListener('abort', aborted, { once: true });
    try {
      socket = connectSocket(options);
    } catch (error) {
      fail(refusedOption(place, error));
      return;
    }
    const connected = socket;
    // For as long as it lives: what it reports later is told by the client.
    connected.on('error', (error) => {
      if (client === undefined) fail(connectFailure(error, place));
    });
    connected.once(connected instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      if (connected instanceof TLSSocket && connected.alpnProtocol !== 'h2') {
        fail(noHttp2(place));
        return;
      }
      const opened = startHttp2(connected, options, context, events);
      client = opened;
      void opened.ended.then(({ failure }) => fail(failure));
      void opened.ready.then(() => {
        settled();
        resolve(opened);
      });
    });
  });
}

function startHttp2(
  socket: Socket,
  { http }: ResolvedHttp2Options,
  { clock }: OpenContext,
  events: ConnectionEvents,
): Http2Client {
  const { address, place } = http;
  const settings = {
    createConnection: () => socket,
    settings: { enablePush: false, initialWindowSize: streamWindow },
    maxSessionMemory,
    maxOutstandingPings: maxUnanswered,
    // Node has it, its types do not.
    maxOutstandingSettings: maxUnanswered,
  };
  const session = http2Connect(address.origin, settings);
  session.setLocalWindowSize(connectionWindow);
  const scheme = address.protocol === 'https:' ? 'https' : 'http';
  return new Http2Client(session, socket, { place, origin: { scheme, authority: address.host } }, events, clock);
}

function connectSocket({ http, tls, socketPath }: ResolvedHttp2Options): Socket {
  const { protocol, hostname, port } = http.address;
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'https:';
  const where = socketPath === undefined ? { host, port: Number(port) || (secure ? 443 : 80) } : { path: socketPath };
  if (!secure) return netConnect(where);
  const { secureContext, rejectUnauthorized, servername } = tls;
  return tlsConnect({
    ...where,
    host,
    ...(secureContext === undefined ? undefined : { secureContext }),
    rejectUnauthorized,
    // An address may not be asked for by name (RFC 6066, section 3); it is verified all the same.
    servername: servername ?? (isIP(host) === 0 ? host : ''),
    ALPNProtocols: ['h2'],
  });
}
