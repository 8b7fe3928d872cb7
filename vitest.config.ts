import { createRequire } from 'node:module';
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from 'vitest/config';

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
const long = [
  'test/{bench,browser,cli,examples,house,testing}/**/*.test.ts',
  'test/conformance/chromium*.test.ts',
  'test/schema/build/fuzz.test.ts',
  'test/server/{fuzz,soak}/**/*.test.ts',
];

/** Tests that put something in the place of modules or globals. */
export const replacing: readonly string[] = [
  'test/session/persisted/automatic.test.ts',
  'test/session/persisted/trusted.test.ts',
  'test/transport/appsync/signature-v4.test.ts',
  'test/transport/http/single-connection-lanes.test.ts',
  'test/transport/route/endpoint.test.ts',
  'test/transport/route/platforms.test.ts',
  'test/transport/websocket/browser.test.ts',
];

/** Node's fetch, which many of these use, keeps its sockets for the process; the other clients and servers keep what they like. */
const apart = [
  'test/{conformance,interop,observe,server}/**/*.test.ts',
  'test/transport/fetch/**/*.test.ts',
  'test/connect.test.ts',
  ...replacing,
];

const project = (name: string, test: NonNullable<ViteUserConfig['test']>): TestProjectInlineConfiguration => ({
  resolve: { alias },
  test: { ...patience, ...test, name },
});

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
      project('long', { include: long }),
      project('apart', { include: apart, exclude: long }),
      // Each file in the process of the one before, with the modules that this has loaded: to load them takes longer than these
      // tests. After the others, so that the workers are kept.
      project('together', {
        include: ['test/**/*.test.ts'],
        exclude: [...long, ...apart],
        isolate: false,
        restoreMocks: true,
        sequence: { groupOrder: 1 },
      }),
    ],
  },
});

export default config;
