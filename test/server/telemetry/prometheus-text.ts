// A strict reader of Prometheus' text exposition format 0.0.4: it throws at whatever a scraper may refuse or misread.

export interface Family {
  readonly help: string;
  readonly type: string;
  /** By name and labels as they are written, as in `a_total{kind="query"}`. */
  readonly samples: ReadonlyMap<string, number>;
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const labelPair = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const sampleLine = new RegExp(
  `^(${metricName})(?:\\{(${labelPair}(?:,${labelPair})*)\\})? (-?\\d+(?:\\.\\d+)?(?:e[+-]\\d+)?)$`,
);
const suffixes: Readonly<Record<string, readonly string[]>> = { histogram: ['_bucket', '_sum', '_count'] };

/** The families of metrics by name. */
export function readPrometheus(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line has no line feed.');
  const families = new Map<string, { help: string; type: string; samples: Map<string, number> }>();
  let current: string | undefined;
  let help: string | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = new RegExp(`^# (HELP|TYPE) (${metricName}) (.+)$`).exec(line);
    if (comment !== null) {
      const [, keyword, name = '', rest = ''] = comment;
      if (keyword === 'HELP') {
        if (families.has(name)) throw new Error(`${name} comes a second time.`);
        [current, help] = [name, rest];
      } else {
        if (name !== current || help === undefined) throw new Error(`TYPE of ${name} does not follow its HELP.`);
        if (!['gauge', 'counter', 'histogram'].includes(rest)) throw new Error(`${name} is of no known type: ${rest}`);
        if ((rest === 'counter') !== name.endsWith('_total')) throw new Error(`${name} is misnamed for a ${rest}.`);
        families.set(name, { help, type: rest, samples: new Map() });
      }
      continue;
    }
    const [, name = '', labels, value] = sampleLine.exec(line) ?? [];
    const family = families.get(current ?? '');
    if (value === undefined || family === undefined) throw new Error(`This is no sample: ${line}`);
    const names = (suffixes[family.type] ?? ['']).map((suffix) => `${current}${suffix}`);
    if (!names.includes(name)) throw new Error(`${name} stands among the samples of ${current}.`);
    const key = labels === undefined ? name : `${name}{${labels}}`;
    if (family.samples.has(key)) throw new Error(`${key} comes a second time.`);
    family.samples.set(key, Number(value));
  }
  for (const [name, { type, samples }] of families) if (type === 'histogram') checkHistogram(name, samples);
  return families;
}

/** Bounds and counts rise, the last bucket is `+Inf` and holds everything. */
function checkHistogram(name: string, samples: ReadonlyMap<string, number>): void {
  const series = new Map<string, { bound: number; count: number }>();
  for (const [key, count] of samples) {
    const [, rest = '', le] = new RegExp(`^${name}_bucket\\{(.*?),?le="([^"]*)"\\}$`).exec(key) ?? [];
    if (le === undefined) continue;
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
    const before = series.get(rest);
    if (before !== undefined && !(bound > before.bound && count >= before.count))
      throw new Error(`${key} is out of order.`);
    series.set(rest, { bound, count });
  }
  for (const [labels, { bound, count }] of series) {
    if (bound !== Number.POSITIVE_INFINITY) throw new Error(`${name}{${labels}} has no bucket +Inf.`);
    if (samples.get(`${name}_count{${labels}}`) !== count) throw new Error(`${name}{${labels}} miscounts.`);
    if (!samples.has(`${name}_sum{${labels}}`)) throw new Error(`${name}{${labels}} has no sum.`);
  }
}
