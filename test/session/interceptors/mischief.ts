// An interceptor that does to each request what it is told: keep it, drop it, answer it, pass it on twice, throw, lie. Drawn at
// random by the property test; what it keeps it hands on `later`.

import { JsonText } from '../../../src/protocol/json-text.js';
import type { Interceptor } from '../../../src/session/interceptors.js';
import type { Handle, Sink } from '../../../src/transport/contract.js';

export const mischiefs = [
  'nothing',
  'keep the request',
  'keep what comes back',
  'drop the request',
  'drop what comes back',
  'drop the end',
  'hand on twice',
  'pass on twice',
  'start again',
  'start again later',
  'change the request',
  'change the kind',
  'lose the extensions',
  'answer',
  'fail',
  'fail after passing on',
  'hide the sending',
  'deny the sending',
  'claim an answer',
  'ignore cancel',
  'forget the handle',
  'cancel and start again',
  'throw at the start',
  'throw after passing on',
  'throw in sending',
  'throw in next',
  'throw in error',
  'throw in complete',
  'throw in cancel',
  'hand on nonsense',
] as const;

export type Mischief = (typeof mischiefs)[number];

const own = { code: 'interceptor', phase: 'operation', message: 'for a reason of its own' } as const;

/** One entry of `drawn` after the other, over and over, a request each. */
export function mischievous(drawn: readonly Mischief[], later: (go: () => void) => void): Interceptor {
  let turn = 0;
  return (next) => (request, sink) => {
    const mischief = drawn[turn++ % drawn.length] ?? 'nothing';
    const whenTold = (told: Mischief): void => {
      if (mischief === told) throw new RangeError(told);
    };
    let handle: Handle = { cancel: () => {} };
    const start = (): void => {
      handle = next(request, watched);
    };
    let left = 3;
    const startAgain = (): boolean => {
      left -= 1;
      if (left < 0 || !mischief.startsWith('start again')) return false;
      if (mischief === 'start again') start();
      else later(start);
      return true;
    };
    const hand = (run: () => void): void => {
      if (mischief === 'drop what comes back') return;
      if (mischief === 'keep what comes back') later(run);
      else run();
      if (mischief === 'hand on twice') run();
    };
    const watched: Sink = {
      sending: () => {
        whenTold('throw in sending');
        if (mischief !== 'hide the sending') sink.sending();
      },
      next: (result, bytes) => {
        whenTold('throw in next');
        hand(() => sink.next((mischief === 'hand on nonsense' ? 'nonsense' : result) as typeof result, bytes));
      },
      error: (failure) => {
        whenTold('throw in error');
        if (startAgain() || mischief === 'drop the end') return;
        const denied = mischief === 'deny the sending' ? { delivery: 'not-sent' as const } : undefined;
        const claimed = mischief === 'claim an answer' ? { delivery: 'answered' as const } : undefined;
        hand(() => sink.error({ ...failure, ...denied, ...claimed }));
      },
      complete: () => {
        whenTold('throw in complete');
        if (mischief !== 'drop the end') hand(() => sink.complete());
      },
    };
    whenTold('throw at the start');
    switch (mischief) {
      case 'drop the request':
        break;
      case 'keep the request':
        later(start);
        break;
      case 'answer':
        sink.next({ data: 'mine' }, 10);
        sink.complete();
        break;
      case 'fail':
        sink.error(own);
        break;
      case 'change the request':
        handle = next({ ...request, variables: JsonText.of({ changed: true }) }, watched);
        break;
      case 'change the kind':
        handle = next({ ...request, kind: request.kind === 'query' ? 'mutation' : 'query' }, watched);
        break;
      case 'lose the extensions':
        handle = next({ ...request, extensions: undefined }, watched);
        break;
      default:
        start();
    }
    if (mischief === 'pass on twice' || mischief === 'cancel and start again') {
      if (mischief === 'cancel and start again') handle.cancel();
      start();
    }
    if (mischief === 'fail after passing on') sink.error(own);
    whenTold('throw after passing on');
    if (mischief === 'forget the handle') return undefined as never;
    return {
      ...handle,
      cancel: () => {
        whenTold('throw in cancel');
        if (mischief !== 'ignore cancel') handle.cancel();
      },
    };
  };
}
