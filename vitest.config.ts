import { defineConfig, type ViteUserConfig } from 'vitest/config';

const ci = process.env.CI !== undefined;

const config: ViteUserConfig = defineConfig({
  // The platform's transports out of the sources: else tests of sources would meet the built package inside them.
  resolve: { alias: { '#platform': new URL('src/transport/route/node.ts', import.meta.url).pathname } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build.ts'],
    reporters: ci ? ['dot', ['json', { outputFile: '.cache/test-results.json' }]] : ['default'],
    // Two cores, and many tests open real sockets: a hung test must end, a slow machine must not fail one.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});

export default config;
