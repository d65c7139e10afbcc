import { fleetOf } from '../../../../grafana-plugin/src/panels/failureprediction/rows/fleet-of';
import prior from '../../../fixtures/grafana-plugin/prediction/prior/prometheus.json';
import { framesOf, probability, seriesFrame, tableFrame } from './frames';

describe('a recorded fleet of which only the prior is known', () => {
  const fleet = fleetOf(framesOf(prior));
  const [first] = fleet.rows.filter(({ rank }) => rank['7d'] === 1);

  test('the GPU with growing memory errors comes first, with all three horizons', () => {
    expect(fleet.rows).toHaveLength(4);
    expect(first).toMatchObject({
      uuid: 'GPU-951fd27e-7ca2-8042-456f-0efd2bc8847a',
      node: 'sim-1',
      gpuIndex: 1,
      rack: 'sim-rack-1',
      rules: [{ rule: 'row_remap_pending', severity: 'next_window' }],
      alertRank: 1,
    });
    expect(first?.probability).toEqual({
      '24h': 0.02686125133721514,
      '7d': 0.12133029542564625,
      '30d': 0.204815551111563,
    });
  });

  test('its range is wide, since the fleet knows no failure of its own', () => {
    expect(first?.range['7d']?.low).toBeLessThan(0.01);
    expect(first?.range['7d']?.high).toBeGreaterThan(0.3);
  });

  test('the rest of the fleet is told', () => {
    expect(fleet.layer).toEqual({ '24h': 'prior', '7d': 'prior', '30d': 'prior' });
    expect(fleet.baseProbability['7d']).toBeCloseTo(0.00113, 5);
    expect(fleet.knownFailures).toBe(0);
    expect(fleet.unusableValues).toBe(0);
    expect(fleet.trackRecords).toEqual({});
  });
});

test('tables, series, names and labels alone are all understood', () => {
  const { metric, value } = probability('GPU-1', 0.5);
  const { __name__: _name, ...labels } = metric;
  const shapes = [
    [tableFrame('A', [{ metric, value }])],
    [seriesFrame('A', { metric, value })],
    [tableFrame('A', [{ metric: labels, value }])],
    [seriesFrame('A', { metric: labels, value })],
  ];
  for (const frames of shapes) expect(fleetOf(frames).rows[0]?.probability).toEqual({ '7d': 0.5 });
});

test('a query that is named after the series needs no name in its answer', () => {
  const frame = tableFrame('prediction_failure_base_probability', [
    { metric: { kind: 'gpu', horizon: '7d' }, value: [1, '0.002'] },
  ]);
  expect(fleetOf([frame]).baseProbability).toEqual({ '7d': 0.002 });
});

test('what is no probability is counted and is not 0', () => {
  const values = [Number.NaN, -0.1, 1.2, Number.POSITIVE_INFINITY, 0.3];
  const fleet = fleetOf([
    tableFrame(
      'A',
      values.map((value, at) => probability(`GPU-${at}`, value)),
    ),
  ]);
  expect(fleet.unusableValues).toBe(4);
  expect(fleet.rows).toHaveLength(5);
  expect(fleet.rows.filter((each) => each.probability['7d'] !== undefined).map(({ uuid }) => uuid)).toEqual(['GPU-4']);
  expect(fleet.rows.filter(({ rank }) => rank['7d'] !== undefined)).toHaveLength(1);
});

test('of an answer over time the last point counts, and a moment that is newer still', () => {
  const old = seriesFrame('A', {
    metric: probability('GPU-1', 0).metric,
    values: [
      [1000, 0.9],
      [2000, 0.8],
    ],
  });
  expect(fleetOf([old]).rows[0]?.probability['7d']).toBe(0.8);
  const now = tableFrame('B', [probability('GPU-1', 0.1, { atSeconds: 9000 })]);
  expect(fleetOf([old, now]).rows[0]?.probability['7d']).toBe(0.1);
  expect(fleetOf([now, old]).rows[0]?.probability['7d']).toBe(0.1);
});

test('one GPU of two clusters is two rows', () => {
  const frames = [tableFrame('A', [probability('GPU-1', 0.1), probability('GPU-1', 0.2, { cluster: 'd' })])];
  expect(
    fleetOf(frames)
      .rows.map(({ key }) => key)
      .sort(),
  ).toEqual(['c/GPU-1', 'd/GPU-1']);
});

test('series of something else are named, by name or by labels', () => {
  const frames = [
    seriesFrame('A', { metric: { __name__: 'prediction_gpu_failure_risk_score', uuid: 'GPU-1' }, value: [1, 1] }),
    seriesFrame('B', { metric: { instance: 'x', device: 'y' }, value: [1, 1] }),
  ];
  const { rows, otherSeries } = fleetOf(frames);
  expect(rows).toEqual([]);
  expect(otherSeries).toEqual(['prediction_gpu_failure_risk_score', '{device, instance}']);
});

test('nodes are left out: they have probabilities of their own and no UUID', () => {
  expect(fleetOf([tableFrame('A', [probability('', 0.5)])]).rows).toEqual([]);
});

test('ends of a range that come as series are taken as they are', () => {
  const frame = tableFrame('A', [
    probability('GPU-1', 0.1),
    probability('GPU-1', 0.05, { estimate: 'low' }),
    probability('GPU-1', 0.2, { estimate: 'high' }),
  ]);
  expect(fleetOf([frame]).rows[0]).toMatchObject({
    probability: { '7d': 0.1 },
    range: { '7d': { low: 0.05, high: 0.2 } },
  });
});

test('a track record comes from figures of one source, and not where nothing was judged', () => {
  const figure = (name: string, source: string, value: number) =>
    tableFrame(name, [{ metric: { __name__: name, source, kind: 'gpu', horizon: '7d' }, value: [1, String(value)] }]);
  const { trackRecords } = fleetOf([
    figure('prediction_evaluation_rows', 'prequential', 2000),
    figure('prediction_evaluation_precision_ratio', 'prequential', 0.4),
    figure('prediction_evaluation_lead_seconds', 'prequential', 86_400),
    figure('prediction_evaluation_rows', 'said', 0),
  ]);
  expect(trackRecords).toEqual({
    '7d': [{ source: 'prequential', statements: 2000, precision: 0.4, leadSeconds: 86_400 }],
  });
});

test('a GPU that several share names one and how many more there are', () => {
  const pod = (name: string) => ({
    metric: { __name__: 'gpu_pod_info', uuid: 'GPU-1', namespace: 'team-a', pod: name },
    value: [1, '1'],
  });
  const { rows } = fleetOf([
    tableFrame('A', [probability('GPU-1', 0.1)]),
    tableFrame('B', [pod('b'), pod('a'), pod('c')]),
  ]);
  expect(rows[0]).toMatchObject({ tenant: 'team-a', job: 'a +2' });
});
