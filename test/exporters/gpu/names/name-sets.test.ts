import { checkNameSets } from '../../../../exporters/gpu/names/name-sets.ts';
import { ConfigError } from '../../../../kit/errors.ts';

test('sets come in the order in which they are asked for, each once', () => {
  expect(checkNameSets(['dcgm-4.9', 'native', 'dcgm-4.9'])).toEqual(['dcgm-4.9', 'native']);
});

test.each([
  [
    ['native', 'dcgm-4.7'],
    '--metrics.names: there is no name set "dcgm-4.7" (allowed are native, dcgm-4.8, dcgm-4.9); did you mean dcgm-4.8?',
  ],
  [
    ['nativ'],
    '--metrics.names: there is no name set "nativ" (allowed are native, dcgm-4.8, dcgm-4.9); did you mean native?',
  ],
  [['prometheus'], '--metrics.names: there is no name set "prometheus" (allowed are native, dcgm-4.8, dcgm-4.9)'],
  [[], '--metrics.names names no set; allowed are native, dcgm-4.8, dcgm-4.9'],
])('%j is an error', (names, message) => {
  expect(() => checkNameSets(names)).toThrow(new ConfigError(message));
});
