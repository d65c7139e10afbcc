import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testTimeout: 60_000,
  // Many tests wait for a real Prometheus or Alertmanager rather than compute, so three run at a time even on two cores.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.tools/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
};
