import { createRequire } from 'node:module';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const ci = process.env.CI !== undefined;
const { resolve } = createRequire(import.meta.url);

const config: ViteUserConfig = defineConfig({
  // The platform's transports out of the sources: else tests of sources would meet the built package inside them.
  // And graphql as Node finds it, which is what packages beside us use: vite prefers another build of it, a realm of its own.
  resolve: {
    alias: [
      { find: '#platform', replacement: new URL('src/transport/route/node.ts', import.meta.url).pathname },
      { find: /^graphql$/, replacement: resolve('graphql') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    // What tests of failures make the console say is shown only beside a test that fails.
    silent: 'passed-only',
    // Nobody watches there: what fails, in few lines, and a report for what counts.
    reporters: ci
      ? ['./scripts/checks/short-reporter.js', ['json', { outputFile: '.cache/test-results.json' }]]
      : ['default'],
    // Two cores, and many tests open real sockets: a hung test must end, a slow machine must not fail one.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What is polled for comes at once: the default of one second is for a machine that does nothing else.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
  },
});

export default config;
