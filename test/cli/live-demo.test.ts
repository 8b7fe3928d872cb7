// The demo on a real pseudo terminal, as a user sees it.

import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { builtFile } from '../support/built.js';
import { FakeTerminal } from './demo/live/fake-terminal.js';
import { hangUp, missing, onTerminal } from './pseudo-terminal.js';

vi.setConfig({ testTimeout: 90_000 });
const cursorShown = '\x1b[?25h';
const cursorHidden = '\x1b[?25l';
const styled = /\[\d*m/;

/** What a person sees of it; whoever writes longer lines than the terminal has columns leaves the wrapping to it. */
function seen(text: string): string[] {
  const terminal = new FakeTerminal(200, 24);
  terminal.write(text);
  return terminal.lines;
}

afterEach(hangUp);

describe.skipIf(missing)('On a terminal, the demo', () => {
  test('shows one screen, and below its last frame the ledger; with NO_COLOR without any colour', async () => {
    const { output, shown } = await onTerminal([builtFile('cli/main.js'), 'demo'], { NO_COLOR: '1' });
    const { code } = await output.ended;
    expect(code).toBe(0);
    expect(shown()).not.toMatch(styled);

    // Each frame is written from its top.
    const [whenFaulty = ''] = /^.*?FAULT +The connection goes half/s.exec(shown()) ?? [];
    expect(seen(whenFaulty).join('\n')).toMatch(/^Session +ready for .* generation \d$/m);

    const lines = seen(shown());
    const titles = lines.flatMap((line, index) => (line.startsWith('One session on a network') ? [index] : []));
    const ledger = lines.indexOf('Ledger');
    expect(titles).toHaveLength(1);
    expect(ledger).toBe((titles[0] ?? 0) + 23);
    expect(lines[ledger - 21]).toBe('The session is closed.');
    expect(lines.join('\n')).toMatch(/^Queries +200 answered/m);
    expect(lines.at(-2)).toBe('The ledger balances.');
    expect(shown().lastIndexOf(cursorShown)).toBeGreaterThan(shown().lastIndexOf(cursorHidden));
  });

  test('gives the terminal back on Ctrl-C, and says below its last frame why it ended', async () => {
    const { output, shown } = await onTerminal([builtFile('cli/main.js'), 'demo']);
    await output.line(/generation 1/);
    expect(shown()).toMatch(styled);
    output.child.stdin?.write('\x03');
    const { code } = await output.ended;
    expect(code).toBe(130);
    expect(shown().lastIndexOf(cursorShown)).toBeGreaterThan(shown().lastIndexOf(cursorHidden));
    expect(seen(shown()).at(-2)).toMatch(/^holdfast demo: ended early, by SIGINT/);
  });

  test('gives the terminal back on SIGTERM', async () => {
    const { output, pid, shown } = await onTerminal([builtFile('cli/main.js'), 'demo']);
    await output.line(/generation 1/);
    process.kill(pid, 'SIGTERM');
    const { code } = await output.ended;
    expect(code).toBe(143);
    expect(shown().lastIndexOf(cursorShown)).toBeGreaterThan(shown().lastIndexOf(cursorHidden));
  });

  test('writes plain lines where the terminal can do nothing', async () => {
    const { output, pid, shown } = await onTerminal([builtFile('cli/main.js'), 'demo'], { TERM: 'dumb' });
    await output.line(/session +ready, generation 1\r\n/);
    process.kill(pid, 'SIGTERM');
    await output.ended;
    expect(shown()).not.toContain('\x1b');
  });

  test('prints JSON and nothing else with --json', async () => {
    const { output, shown } = await onTerminal([builtFile('cli/main.js'), 'demo', '--json'], {
      TMPDIR: '/no/such/folder',
    });
    const { code } = await output.ended;
    expect(code).toBe(1);
    const [json] = shown().split('holdfast demo:');
    expect(JSON.parse(json ?? '')).toMatchObject({ balanced: false });
  });
});

describe.skipIf(missing)('A screen', () => {
  test('gives the terminal back when the process crashes', async () => {
    const program = `
      import { Screen } from ${JSON.stringify(builtFile('cli/demo/live/screen.js'))};
      new Screen(process.stdout).draw(['a frame']);
      setTimeout(() => { throw new Error('a crash'); });
    `;
    const { output, shown } = await onTerminal(['--input-type=module', '--eval', program]);
    const { code } = await output.ended;
    expect(code).toBe(1);
    expect(shown()).toContain('a crash');
    expect(shown().lastIndexOf(cursorShown)).toBeGreaterThan(shown().lastIndexOf(cursorHidden));
  });

  test('learns of a new size by itself', async () => {
    const program = `
      import { Screen } from ${JSON.stringify(builtFile('cli/demo/live/screen.js'))};
      const screen = new Screen(process.stdout);
      const timer = setInterval(() => {
        screen.draw(['width ' + screen.width]);
        if (screen.width === 40) clearInterval(timer), screen.close();
      }, 20);
      process.stdin.resume().unref();
    `;
    const { output, pid } = await onTerminal(['--input-type=module', '--eval', program]);
    await output.line(/width 79/);
    spawnSync('sh', ['-c', `stty -F /proc/${pid}/fd/1 cols 41 rows 24`]);
    await output.line(/width 40/);
    expect((await output.ended).code).toBe(0);
  });
});
