import fc from 'fast-check';
import { createCounterState } from '../../../../../exporters/prediction/sources/prometheus/counter-state.ts';
import { equals, oneOfValues, selectorOf } from '../../../../../exporters/prediction/sources/prometheus/matchers.ts';
import {
  defaultLabelNames,
  gpuOf,
  nodeEntityOf,
  nodeOf,
} from '../../../../../exporters/prediction/sources/prometheus/series-labels.ts';
import { createStepGrid } from '../../../../../exporters/prediction/sources/prometheus/step-grid.ts';
import { workloadOf } from '../../../../../exporters/prediction/sources/prometheus/workload-of.ts';

test.each([
  [{ node: 'n1', instance: 'n2:9400' }, 'n1'],
  [{ Hostname: 'n3', instance: '10.0.0.1:9400' }, 'n3'],
  [{ instance: 'n2:9400' }, 'n2'],
  [{ instance: '[fd00::1]:9400' }, 'fd00::1'],
  [{ instance: 'n4' }, 'n4'],
  [{}, ''],
])('the node of %j is %s', (labels, node) => {
  expect(nodeOf(labels, defaultLabelNames)).toBe(node);
});

test('a GPU is named by its UUID, whoever tells of it', () => {
  expect(gpuOf({ UUID: 'GPU-1', Hostname: 'n1', cluster: 'c' }, defaultLabelNames)).toEqual({
    kind: 'gpu',
    cluster: 'c',
    node: 'n1',
    uuid: 'GPU-1',
  });
  expect(gpuOf({ uuid: '', node: 'n1' }, defaultLabelNames)).toBeUndefined();
});

test('names that no machine has name nobody', () => {
  const long = 'x'.repeat(501);
  expect(gpuOf({ uuid: long.slice(1), node: 'n1' }, defaultLabelNames)).toBeDefined();
  for (const label of ['uuid', 'node', 'cluster'])
    expect(gpuOf({ uuid: 'GPU-1', node: 'n1', [label]: long }, defaultLabelNames)).toBeUndefined();
  expect(nodeEntityOf({ node: long }, defaultLabelNames)).toBeUndefined();
});

test.each([
  [{ job_id: '4711', pod: 'x' }, 'job 4711'],
  [{ hpc_job: '12' }, 'job 12'],
  [{ namespace: 'ml', pod: 'train-worker-3' }, 'pod ml/train-worker'],
  [{ namespace: 'ml', pod: 'server-6d4cf56db6-x2v9k' }, 'pod ml/server'],
  [{ namespace: 'ml', pod: 'sweep-7-q8wzm' }, 'pod ml/sweep'],
  [
    { namespace: 'gpu-operator', pod: 'dcgm-exporter-x2v9k', exported_namespace: 'ml', exported_pod: 'train-0' },
    'pod ml/train',
  ],
  [{ namespace: 'ml', pod: '' }, undefined],
])('the workload of %j is %s', (labels, workload) => {
  expect(workloadOf(labels)).toBe(workload);
});

test('a value of a label is taken as it is, whatever it holds', () => {
  expect(equals('node', 'a"b\\c\n')).toBe(String.raw`node="a\"b\\c\n"`);
  expect(oneOfValues('node', ['a.b|c', 'd{1}'])).toBe(String.raw`node=~"a\\.b\\|c|d\\{1\\}"`);
  expect(selectorOf('up', ['', equals('job', 'a')])).toBe('up{job="a"}');
  expect(selectorOf('up', [])).toBe('up');
});

test('a grid keeps what it holds while it moves on, and forgets the rest', () => {
  const writes = fc.array(fc.record({ entity: fc.nat(3), step: fc.nat(40), value: fc.nat(99) }), { maxLength: 60 });
  fc.assert(
    fc.property(writes, fc.array(fc.nat(12), { maxLength: 4 }), (written, moves) => {
      const grid = createStepGrid({ stepMs: 10, steps: 8 }, 100);
      for (const { step, ...each } of written) grid.write('heat', 'value', { ...each, atMs: step * 10 });
      const known = new Map(written.map(({ entity, step, value }) => [`${entity} ${step * 10}`, value]));
      for (const by of moves) grid.moveTo(grid.lastMs() + by * 10);
      const expected = (entity: number, ms: number) =>
        ms > 20 && ms <= 100 ? (known.get(`${entity} ${ms}`) ?? Number.NaN) : Number.NaN;
      for (const entity of [0, 1, 2, 3]) {
        const { timesMs = new Float64Array(0), values = new Float64Array(0) } =
          grid.samplesOf('heat', entity, undefined) ?? {};
        expect([...values]).toEqual([...timesMs].map((ms) => expected(entity, ms)));
      }
      expect(grid.lastMs() - grid.firstMs()).toBe(70);
    }),
  );
});

test('a counter is compared with its last reading, however long ago', () => {
  const state = createCounterState();
  const growth = (atMs: number, reading: number) => state.growth('c', 0, { atMs, reading });
  expect([growth(1, 5), growth(2, 7), growth(2, 9), growth(90, 9), growth(91, 3)]).toEqual([
    undefined,
    2,
    undefined,
    2,
    3,
  ]);
  expect(state.growth('c', 1, { atMs: 1, reading: 4 })).toBeUndefined();
});
