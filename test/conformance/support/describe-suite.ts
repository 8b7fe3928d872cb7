// Runs the whole suite in one environment: a test for each case, with the case's name. A case that an environment cannot have
// becomes the proof that it cannot.

import { describe, type TestContext, test } from 'vitest';
import type { Capability, Task } from '../environment.js';
import { themes } from '../suite/index.js';
import type { StartServer } from './servers.js';
import { putUp, type Stage } from './stage.js';

export interface Environment {
  readonly startServer: StartServer;
  /** What it lacks, each with a sentence that says why. */
  readonly lacks: Partial<Readonly<Record<Capability, string>>>;
  perform(task: Task, stage: Stage, t: TestContext): Promise<void>;
}

export function describeSuite(title: string, environment: Environment): void {
  const { lacks } = environment;
  describe(title, () => {
    for (const [theme, cases] of Object.entries(themes)) {
      describe(theme, () => {
        for (const { name, needs = [] } of cases) {
          const absent = needs.find((capability) => lacks[capability] !== undefined);
          const note = absent === undefined ? '' : ` (not applicable: ${lacks[absent]})`;
          test(`${name}${note}`, (t) => run(environment, absent === undefined ? { case: name } : { absent }, t));
        }
      });
    }
  });
}

async function run({ startServer, perform }: Environment, task: Task, t: TestContext): Promise<void> {
  const stage = await putUp(startServer);
  try {
    await perform(task, stage, t);
    await stage.settled();
  } finally {
    await stage.close();
  }
}
