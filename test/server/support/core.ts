// The core of a server whose pipeline is made up, for tests of its parts.

import { Admission } from '../../../src/server/admission.js';
import type { ServerCore } from '../../../src/server/core.js';
import type { ServerOptions } from '../../../src/server/index.js';
import { Life } from '../../../src/server/life.js';
import { resolveOptions } from '../../../src/server/resolve-options.js';
import { newCounters } from '../../../src/server/stats.js';
import { Telemetry } from '../../../src/server/telemetry/telemetry.js';
import { ManualTimers } from './manual-timers.js';
import { makeSchema, Probe } from './schema.js';

export type FakeCore = ServerCore & { readonly timers: ManualTimers };

/** Nothing runs on it: one is enough for however many cores a test makes. */
const schema = makeSchema(new Probe());

export function fakeCore(execute: ServerCore['pipeline']['execute'], options: Partial<ServerOptions> = {}): FakeCore {
  const resolved = resolveOptions({ schema, ...options });
  const timers = new ManualTimers();
  return {
    options: resolved,
    pipeline: { execute, prepare: () => Promise.reject(new Error('not used')) },
    timers,
    counters: newCounters(),
    report: () => {},
    admission: new Admission(resolved.limits),
    life: new Life(),
    telemetry: new Telemetry(timers),
  };
}
