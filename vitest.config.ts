import { defineConfig } from 'vitest/config';

const slow = process.env['CORRENTE_SLOW'] === '1';

export default defineConfig({
  test: {
    include: slow ? ['test/**/*.slow.test.ts'] : ['packages/*/{src,test,native}/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(slow ? [] : ['**/*.slow.test.ts']), 'test/e2e/**'],
    pool: 'forks',
    // All cores: Vitest would leave one idle, which of two is half the machine.
    maxWorkers: '100%',
    globalSetup: ['packages/platform/src/testing/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
