import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: process.env.CI === undefined ? ['default'] : ['dot'],
    // Two cores, and many tests open real sockets: a hung test must end, a slow machine must not fail one.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
  },
});

export default config;
