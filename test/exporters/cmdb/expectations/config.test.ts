import { load } from 'js-yaml';
import { defaultRollout, readExpectations } from '../../../../exporters/cmdb/expectations/config.ts';
import { fitsPattern } from '../../../../exporters/cmdb/expectations/pattern.ts';
import { fieldsOf } from '../../../../kit/config-values.ts';
import { ConfigError } from '../../../../kit/errors.ts';

function read(text: string): ReturnType<typeof readExpectations> {
  const file = { value: load(text), where: 'inventory.yaml' };
  const field = fieldsOf(file, ['expectations', 'not_seen_after'], ': ');
  return readExpectations(field('expectations'), field('not_seen_after'));
}

test('the example of the guide is read', () => {
  const { list, notSeenAfter } = read(`
expectations:
  - match: {class: server, model: "DGX H*"}
    gpus: 8
    baseline: {driver_version: "570.124.06", bios_version: "1.6.3"}
    rollout: {canary: 2, batch: 5, max_per_rack: 2, min_available: 0.8}
  - match: {class: gpu, model: "NVIDIA H200"}
    baseline: {vbios_version: "96.00.99.00.01"}
not_seen_after: 7d
`);
  expect(notSeenAfter).toBe(7 * 86_400);
  expect(list).toEqual([
    {
      where: 'inventory.yaml: expectations[0]',
      class: 'server',
      match: [['model', 'DGX H*']],
      gpus: 8,
      baseline: [
        ['driver_version', '570.124.06'],
        ['bios_version', '1.6.3'],
      ],
      rollout: { canary: 2, batch: 5, maxPerRack: 2, minAvailable: 0.8 },
    },
    {
      where: 'inventory.yaml: expectations[1]',
      class: 'gpu',
      match: [['model', 'NVIDIA H200']],
      gpus: undefined,
      baseline: [['vbios_version', '96.00.99.00.01']],
      rollout: defaultRollout,
    },
  ]);
});

test('nothing is expected where nothing is said', () => {
  expect(read('{}')).toEqual({ list: [], notSeenAfter: undefined });
});

test.each([
  ['expectations: {}', 'inventory.yaml: expectations must be a list'],
  ['expectations: [{gpus: 8}]', 'expectations[0].match must be keys and values'],
  ['expectations: [{match: {model: x}, gpus: 8}]', 'expectations[0].match.class must be a text'],
  ['expectations: [{match: {class: servr}, gpus: 8}]', 'did you mean server?'],
  ['expectations: [{match: {class: server, "Mo del": x}, gpus: 8}]', 'match.Mo del must be called as an attribute'],
  ['expectations: [{match: {class: server}}]', 'expectations[0] expects nothing; give gpus or baseline'],
  ['expectations: [{match: {class: gpu}, gpus: 8}]', 'expectations[0].gpus is for class server'],
  ['expectations: [{match: {class: server}, gpus: 8.5}]', 'gpus must be a whole number from 0 to 1024, got 8.5'],
  ['expectations: [{match: {class: server}, gpus: -1}]', 'gpus must be a whole number'],
  ['expectations: [{match: {class: server}, baseline: {bios_version: 1.10}}]', 'put the version in quotes'],
  ['expectations: [{match: {class: server}, baseline: {kernel: ""}}]', 'baseline.kernel must be a text'],
  ['expectations: [{match: {class: server}, gpus: 8, rolout: {}}]', 'unknown key rolout'],
  [
    'expectations: [{match: {class: server}, gpus: 8, rollout: {batch: 0}}]',
    'rollout.batch must be a whole number from 1',
  ],
  ['expectations: [{match: {class: server}, gpus: 8, rollout: {max_per_rack: .inf}}]', 'rollout.max_per_rack must be'],
  [
    'expectations: [{match: {class: server}, gpus: 8, rollout: {min_available: 1}}]',
    'rollout.min_available must be a share',
  ],
  [
    'expectations: [{match: {class: server}, gpus: 8, rollout: {min_available: .nan}}]',
    'rollout.min_available must be',
  ],
  ['not_seen_after: 7', 'not_seen_after must be a text'],
  ['not_seen_after: soon', 'not_seen_after must be a duration of a minute or more'],
  ['not_seen_after: 1s', 'not_seen_after must be a duration of a minute or more'],
])('%s is refused: %s', (text, message) => {
  expect(() => read(text)).toThrow(ConfigError);
  expect(() => read(text)).toThrow(message);
});

test('a list without end is refused', () => {
  const many = Array.from({ length: 201 }, () => '{match: {class: server}, gpus: 8}').join(', ');
  expect(() => read(`expectations: [${many}]`)).toThrow('has 201 entries; at most 200 are allowed');
});

test.each([
  ['DGX H200', 'DGX H200', true],
  ['DGX H200', 'DGX H100', false],
  ['DGX H200', 'DGX*', true],
  ['DGX H200', '*H200', true],
  ['DGX H200', '*X*2*', true],
  ['DGX H200', 'DGX H200*', true],
  ['DGX H200', '*', true],
  ['ab', 'ab*b', false],
  ['aba', 'ab*ba', false],
  ['a.c', 'a?c', false],
  ['', '', true],
  ['x', '', false],
])('%j fits %j: %s', (text, pattern, fits) => {
  expect(fitsPattern(text, pattern)).toBe(fits);
});

test('a pattern that would take a regular expression for ever is fast', () => {
  const start = process.cpuUsage().user;
  expect(fitsPattern('a'.repeat(100_000), `${'*a'.repeat(200)}b`)).toBe(false);
  expect(process.cpuUsage().user - start).toBeLessThan(1_000_000);
});
