// What the parts of one server share: its options, the pipeline, time, counters, and the way to report a failure.

import type { Admission } from './admission.js';
import type { Report } from './call-hook.js';
import type { Pipeline } from './execution/pipeline.js';
import type { Life } from './life.js';
import type { ResolvedOptions } from './options.js';
import type { Counters } from './stats.js';
import type { Telemetry } from './telemetry/telemetry.js';
import type { Timers } from './timers.js';

export interface ServerCore {
  readonly options: ResolvedOptions;
  readonly pipeline: Pick<Pipeline, 'execute' | 'prepare'>;
  readonly timers: Timers;
  readonly counters: Counters;
  readonly report: Report;
  readonly admission: Admission;
  readonly life: Life;
  readonly telemetry: Telemetry;
}
