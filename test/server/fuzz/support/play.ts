// One game against a whole server, in time that stands still: what clients, the application, sockets and time do, in any order,
// and at the end what must be left of it, which is nothing.

import type { AcceptOrRefuse } from '../../../../src/server/hook-types.js';
import { type ConnectContext, ConnectionRefused, type DisconnectContext } from '../../../../src/server/index.js';
import { coreOf, createServerIn } from '../../../../src/server/server.js';
import { acceptSocket } from '../../../../src/server/websocket/accept.js';
import { ManualTimers } from '../../support/manual-timers.js';
import type { Dialect } from '../../websocket/support/peer.js';
import { ModelPeer } from './model-peer.js';
import type { Given, Setting, Step } from './steps.js';
import { World, worldSchema } from './world.js';

/** The codes of what the application can say. */
const refusals = [1011, 1013, 4403, 4500];

/** Settles when promises that are settled have been heard. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class Game {
  readonly world: World = new World();
  readonly timers: ManualTimers = new ManualTimers();
  readonly endings: DisconnectContext[] = [];
  /** All that ever were. */
  readonly peers: ModelPeer[] = [];
  /** Those that there are. */
  readonly #seats: ModelPeer[] = [];
  readonly #dialects: readonly Dialect[];
  readonly #core: ReturnType<typeof coreOf>;
  #words: (() => void)[] = [];
  /** Hooks that never settle. */
  #unsettled = 0;
  #draining: Promise<void> | undefined;
  #hasDrained = false;

  constructor({ dialects, hasSlowContext, isCrowded }: Setting) {
    const { world, timers } = this;
    const server = createServerIn(
      { timers },
      {
        schema: worldSchema,
        development: true,
        context: hasSlowContext ? () => Promise.resolve({ world }) : { world },
        limits: { operationsPerConnection: 3, connectionsPerPrincipal: isCrowded ? 1 : 2 },
        principal: () => 'somebody',
        onConnect: (context) => this.#judge(context),
        onDisconnect: (ending) => void this.endings.push(ending),
        onError: () => {},
      },
    );
    this.#core = coreOf(server);
    this.#dialects = dialects;
    for (const seat of dialects.keys()) this.#connect(seat);
  }

  static async begin(given: Setting): Promise<Game> {
    const game = new Game(given);
    if (given.isPrepared) await game.#core.pipeline.prepare();
    return game;
  }

  #connect(seat: number): void {
    const subprotocol = this.#dialects[seat] as Dialect;
    this.#seats[seat]?.gone(1006);
    const one = new ModelPeer(subprotocol, this.world, `client ${this.peers.length}`);
    this.#seats[seat] = one;
    this.peers.push(one);
    // A server that drains turns it away.
    one.opened(acceptSocket(this.#core, one.socket, { subprotocol, headers: {}, remoteAddress: undefined }));
  }

  async play(step: Step): Promise<void> {
    if ('peer' in step) this.#say(step, this.#seats[step.peer] as ModelPeer);
    else if ('nth' in step) this.#happen(step);
    else if (step.do === 'wait') this.timers.advance(step.ms);
    else if (step.do === 'turn') await turn();
    else await Promise.resolve();
  }

  #say(step: Extract<Step, { readonly peer: number }>, one: ModelPeer): void {
    // Who is idle while the server drains is closed at once.
    const may = this.#draining === undefined ? [] : [1012];
    switch (step.do) {
      case 'init':
        if (step.bold || one.mayInit) one.init(step.given, [...refusals, ...may]);
        break;
      case 'renew':
        one.ping({ holdfast: { auth: step.given } }, [...refusals, ...may]);
        break;
      case 'start':
        if (step.bold || one.mayStart(step.id)) one.start(step.id, step.kind, may);
        break;
      case 'stop':
        one.stop(step.id, may);
        break;
      case 'ping':
        one.ping({ at: 1 }, []);
        break;
      case 'slow':
        one.socket.backlog = 2 ** 21;
        break;
      case 'garbage':
        one.garbage('{"type":');
        break;
      case 'gone':
        one.gone(1006);
        break;
      case 'connect':
        if (one.socket.isOver) this.#connect(step.peer);
        break;
      case 'drain':
        this.#drain();
        break;
      default:
        one[step.do]();
    }
  }

  #happen(step: Extract<Step, { readonly nth: number }>): void {
    const pick = <T>(all: readonly T[]): T | undefined => all[step.nth % Math.max(1, all.length)];
    switch (step.do) {
      case 'event':
        for (let i = 0; i < step.count; i++) pick(this.world.open)?.emit();
        break;
      case 'finish':
        pick(this.world.open)?.source?.finish(step.ok ? undefined : new Error('It broke'));
        break;
      case 'answer':
        pick(this.world.waiting)?.gate?.(step.ok);
        break;
      case 'decide':
        this.#words.shift()?.();
    }
  }

  #drain(): void {
    this.#draining ??= this.#core.life.drain({ spreadMs: 2_000, deadlineMs: 10_000 }).then(() => {
      this.#hasDrained = true;
    });
  }

  #judge({ connectionParams, expireAt }: ConnectContext): AcceptOrRefuse | Promise<AcceptOrRefuse> {
    const { word, at } = connectionParams as unknown as Given;
    const say = (): AcceptOrRefuse => {
      if (word === 'throw') throw new Error('It threw');
      if (word === 'refuse') throw new ConnectionRefused('Not you');
      if (word === 'expire') expireAt(Date.now() + 8_000);
      return word === 'greet' ? { hello: 1 } : undefined;
    };
    if (word === 'junk') return false as never;
    if (at === 'once') return say();
    if (at === 'never') {
      this.#unsettled += 1;
      return new Promise(() => {});
    }
    return new Promise((resolve, reject) => {
      this.#words.push(() => {
        try {
          resolve(say());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Everything that can still go on does, and nobody stops anything: who is there must get all that was asked for. */
  async settle(): Promise<void> {
    for (const one of this.peers) one.flush();
    for (let round = 0; round < 3; round++) {
      for (const asked of this.world.waiting) asked.gate?.(true);
      for (let i = 0; i < 4; i++) await turn();
    }
    for (const { source } of this.world.open) source?.finish(undefined);
    for (let i = 0; i < 4; i++) await turn();
  }

  /** What is not as it should be with those that are still there. */
  unanswered(): string[] {
    const faults: string[] = [];
    for (const one of this.peers.filter(({ isLive }) => isLive)) {
      for (const { asked, end, values, results } of one.operations.filter((operation) => operation.end !== 'stopped')) {
        const { kind, tag, emitted } = asked;
        const got = `${kind} ${tag} got ${results} results ${values}, and ${end}`;
        if (end === undefined) faults.push(`${got}: it was left waiting`);
        // It was refused, because there were too many.
        if (asked.began === 0) {
          if (end !== 'error' || results > 0) faults.push(`${got}: it never began`);
        } else if (asked.source !== undefined) {
          if (`${values}` !== `${emitted}`) faults.push(`${got}: its source sent ${emitted}`);
        } else if (results !== (end === 'complete' ? 1 : 0)) faults.push(got);
      }
    }
    return faults;
  }

  /** Everybody leaves, and what the application was asked for is said. What must be left: nothing, and `faults` of that. */
  async end(): Promise<string[]> {
    for (const one of this.peers) one.gone(1000);
    for (const say of this.#words.splice(0)) say();
    for (const asked of this.world.waiting) asked.gate?.(true);
    for (let i = 0; i < 6; i++) await turn();
    const faults: string[] = [];
    // Sources that never close and hooks that never settle are given up after a while; the timer that operations share runs out.
    const stuck = this.world.asked.filter(({ kind, source }) => kind === 'stuck' && source !== undefined).length;
    const isLeaving = this.#draining !== undefined && !this.#hasDrained;
    const left = this.timers.armed - stuck - this.#unsettled - 1;
    if (left > 0 && !(isLeaving && stuck > 0)) faults.push(`${left} timers of what has ended`);
    this.timers.advance(12_000);
    for (let i = 0; i < 4; i++) await turn();
    const { counters, admission } = this.#core;
    const counts = { ...counters, failedSockets: 0, principals: admission.principals };
    if (Object.values(counts).some((count) => count !== 0)) faults.push(`left: ${JSON.stringify(counts)}`);
    const { length } = this.peers;
    if (this.endings.length !== length) faults.push(`told of ${this.endings.length} ends of ${length}`);
    if (this.#draining !== undefined && !this.#hasDrained) faults.push('never drained');
    for (const { kind, tag, source } of this.world.asked) {
      if (source?.isOpen === true) faults.push(`the source of ${kind} ${tag} was left open`);
      if (source !== undefined && source.returns > 1) faults.push(`the source of ${kind} ${tag} was closed twice`);
    }
    this.timers.advance(60_000);
    if (this.timers.armed > 0) faults.push(`${this.timers.armed} timers are armed`);
    return faults;
  }
}
