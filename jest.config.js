import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
const node = {
  displayName: 'node',
  testEnvironment: 'node',
  testTimeout: 60_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/grafana-plugin/'],
  modulePathIgnorePatterns: [
    '<rootDir>/dist/',
    '<rootDir>/.tools/',
    '<rootDir>/grafana-plugin/',
    '<rootDir>/test/host-g12/',
  ],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
};

/** @type {import('jest').Config} */
export default {
  projects: [node, '<rootDir>/grafana-plugin'],
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  // Many tests wait for a real Prometheus or Alertmanager rather than compute, so three run at a time even on two cores.
  maxWorkers: Math.max(3, availableParallelism() - 1),
};
