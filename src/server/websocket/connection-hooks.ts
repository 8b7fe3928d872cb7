// The application's two words on a connection: whether it is accepted, and what to do when it has ended. Only a clear word
// accepts: whatever else the hook returns or throws keeps the connection out.

import { HoldfastError } from '../../protocol/errors/holdfast-error.js';
import { isJsonObject, type JsonObject } from '../../protocol/json.js';
import { describe } from '../../protocol/options.js';
import { bounded } from '../call-hook.js';
import { ConnectionRefused } from '../connection-refused.js';
import type { ServerCore } from '../core.js';
import type { ConnectContext, DisconnectContext } from '../hook-types.js';

export type Authorisation =
  | { readonly type: 'accepted'; readonly payload: JsonObject | null | undefined }
  | { readonly type: 'refused'; readonly refusal: ConnectionRefused }
  | { readonly type: 'failed'; readonly error: unknown; readonly source: 'onConnect' | 'principal' };

/** Neither throws nor rejects. */
export function authorise(
  core: Pick<ServerCore, 'options' | 'timers'>,
  context: ConnectContext,
): Authorisation | Promise<Authorisation> {
  const { onConnect, hookTimeoutMs } = core.options;
  if (onConnect === undefined) return { type: 'accepted', payload: undefined };
  try {
    const word = bounded<unknown>('onConnect', () => onConnect(context), hookTimeoutMs, core.timers);
    return word instanceof Promise ? word.then(judge).catch(judgeThrown) : judge(word);
  } catch (thrown) {
    return judgeThrown(thrown);
  }
}

function judge(word: unknown): Authorisation {
  if (word === undefined || word === null) return { type: 'accepted', payload: word };
  if (word instanceof Error) return judgeThrown(word);
  // A copy: what an object's own getters throw is the hook's failure.
  if (isJsonObject(word)) return { type: 'accepted', payload: { ...word } };
  const error = new HoldfastError(
    `The hook "onConnect" returned ${describe(word)}. Return nothing or an object to accept a connection, and throw a ConnectionRefused to refuse it.`,
    { code: 'bad-hook-result', phase: 'handshake' },
  );
  return { type: 'failed', error, source: 'onConnect' };
}

/** Never throws, whatever was thrown. */
function judgeThrown(thrown: unknown): Authorisation {
  try {
    if (thrown instanceof ConnectionRefused) return { type: 'refused', refusal: thrown };
  } catch {
    // It throws when it is looked at.
  }
  return { type: 'failed', error: thrown, source: 'onConnect' };
}

/** Settles when the disconnect hook is done or its time is over. Never rejects. */
export async function sayGoodbye(
  core: Pick<ServerCore, 'options' | 'timers' | 'report'>,
  ending: DisconnectContext,
): Promise<void> {
  const { onDisconnect, hookTimeoutMs } = core.options;
  try {
    await bounded('onDisconnect', () => onDisconnect?.(ending), hookTimeoutMs, core.timers);
  } catch (error) {
    core.report(error, 'onDisconnect');
  }
}
