process.env.TZ = 'UTC';
const base = require('./.config/jest.config');

const [swc] = Object.values(base.transform);

module.exports = {
  ...base,
  displayName: 'grafana-plugin',
  testTimeout: 60_000,
  roots: ['<rootDir>/src', '<rootDir>/../test/grafana-plugin'],
  testMatch: ['<rootDir>/../test/grafana-plugin/**/*.test.{ts,tsx}'],
  // Packages of Grafana bring ECMAScript modules in ever new places, so all of them are transformed.
  transform: { '^.+\\.(m?[tj]s|[tj]sx)$': swc },
  transformIgnorePatterns: [],
};
