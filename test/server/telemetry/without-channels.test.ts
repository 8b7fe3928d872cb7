// A server on a platform that has no diagnostics channels.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ManualTimers } from '../support/manual-timers.js';

test('platforms without diagnostics channels count all the same', async () => {
  const asked = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  const listener = (): void => {};
  subscribe('holdfast:server:operation', listener);
  onTestFinished(() => {
    unsubscribe('holdfast:server:operation', listener);
    asked.mockRestore();
  });
  vi.resetModules();
  const { Telemetry } = await import('../../../src/server/telemetry/telemetry.js');
  expect(asked).toHaveBeenCalledWith('node:diagnostics_channel');
  const telemetry = new Telemetry(new ManualTimers());
  expect(telemetry.operation({ extensions: undefined }, { headers: {} })).toBeUndefined();
  telemetry.connectionOpened();
  telemetry.ended('query', 'ok', 0, undefined);
  expect(telemetry.tally.kinds.query.outcomes.ok).toBe(1);
});
