import { createRequire } from 'node:module';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const ci = process.env.CI !== undefined;
const { resolve } = createRequire(import.meta.url);

// The platform's transports out of the sources: else tests of sources would meet the built package inside them.
// And graphql as Node finds it, which is what packages beside us use: vite prefers another build of it, a realm of its own.
const alias = [
  { find: '#platform', replacement: new URL('src/transport/route/node.ts', import.meta.url).pathname },
  { find: /^graphql$/, replacement: resolve('graphql') },
];

// Two cores, and many tests open real sockets: a hung test must end, a slow machine must not fail one.
const patience = {
  testTimeout: 30_000,
  hookTimeout: 30_000,
  // What is polled for comes at once: the default of one second is for a machine that does nothing else.
  expect: { poll: { timeout: 20_000 } },
};

/** They start programs and browsers, weigh memory, or take long. */
const folders = [
  'test/{bench,browser,cli,examples,house,testing}/**/*.test.ts',
  'test/conformance/chromium*.test.ts',
  'test/schema/build/fuzz.test.ts',
  'test/server/{fuzz,soak}/**/*.test.ts',
];

/** Tests with modules that are replaced, or loaded anew. */
export const replacingModules: readonly string[] = [
  'test/server/edges/missing-packages.test.ts',
  'test/server/execution/jit.test.ts',
  'test/server/telemetry/without-channels.test.ts',
  'test/transport/route/endpoint.test.ts',
  'test/transport/route/platforms.test.ts',
];

const alone = [...folders, ...replacingModules];

const config: ViteUserConfig = defineConfig({
  test: {
    globalSetup: ['test/build.ts'],
    // What tests of failures make the console say is shown only beside a test that fails.
    silent: 'passed-only',
    // Nobody watches there: what fails, in few lines, and a report for what counts.
    reporters: ci
      ? ['./scripts/checks/short-reporter.js', ['json', { outputFile: '.cache/test-results.json' }]]
      : ['default'],
    maxWorkers: 2,
    projects: [
      {
        resolve: { alias },
        test: { ...patience, name: 'alone', include: alone, sequence: { groupOrder: 0 } },
      },
      {
        // Each file in the process of the one before, with the modules that this has loaded: to load them for each file took
        // longer than the tests. What a test puts in the place of something is taken back before the next.
        resolve: { alias },
        test: {
          ...patience,
          restoreMocks: true,
          unstubGlobals: true,
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

export default config;
