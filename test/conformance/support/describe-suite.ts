// Runs the whole suite in one environment: a test for each case, with the case's name. A case that an environment cannot have
// becomes the proof that it cannot.

import { describe, type TestContext, test } from 'vitest';
import type { Capability, Task } from '../environment.js';
import type { EnvironmentFacts } from '../environments.js';
import { themes } from '../suite/index.js';
import type { StartServer } from './servers.js';
import { putUp, type Stage } from './stage.js';

/** Where and how an environment's tasks are done. */
export interface Performance {
  readonly startServer: StartServer;
  perform(task: Task, stage: Stage, lacks: readonly Capability[], t: TestContext): Promise<void>;
}

export function describeSuite({ title, lacks }: EnvironmentFacts, performance: Performance): void {
  const lacking = (Object.keys(lacks) as Capability[]).filter((capability) => lacks[capability] !== undefined);
  describe(title, () => {
    for (const [theme, cases] of Object.entries(themes)) {
      describe(theme, () => {
        for (const { name, needs = [] } of cases) {
          const absent = needs.find((capability) => lacking.includes(capability));
          const note = absent === undefined ? '' : ` (not applicable: ${lacks[absent]})`;
          const task = absent === undefined ? { case: name } : { absent };
          test(`${name}${note}`, (t) => run(performance, task, lacking, t));
        }
      });
    }
  });
}

async function run(
  { startServer, perform }: Performance,
  task: Task,
  lacks: readonly Capability[],
  t: TestContext,
): Promise<void> {
  const stage = await putUp(startServer);
  try {
    await perform(task, stage, lacks, t);
    await stage.settled();
  } finally {
    await stage.close();
  }
}
