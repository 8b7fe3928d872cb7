import { defineConfig, type ViteUserConfig } from 'vitest/config';

const ci = process.env.CI !== undefined;

const config: ViteUserConfig = defineConfig({
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
