// What a figure was measured on: figures of two machines are not compared, ratios of one run are.

import { cpus } from 'node:os';

export function machine() {
  const processors = cpus();
  return { node: process.version, cpu: `${processors.length} x ${processors[0]?.model.trim() ?? 'unknown'}` };
}
