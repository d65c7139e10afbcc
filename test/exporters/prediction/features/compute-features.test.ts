import fc from 'fast-check';
import { seriesOfColumns } from '../../../../exporters/prediction/features/column-origins.ts';
import { computeFeatures } from '../../../../exporters/prediction/features/compute-features.ts';
import type {
  EntitySamples,
  FleetSamples,
  SignalSamples,
} from '../../../../exporters/prediction/features/fleet-samples.ts';
import { gpuSpec } from '../../../../exporters/prediction/features/gpu-spec.ts';
import { nodeSpec } from '../../../../exporters/prediction/features/node-spec.ts';
import { checkSpec } from '../../../../exporters/prediction/features/schema.ts';
import { leakingColumns } from '../../../../exporters/prediction/labels/label-signals.ts';
import { always, begin, cellOf, day, gpuWith, hour, samplesOf, smallSpec } from './made-samples.ts';

const moment = begin + 9 * day + 5 * hour;

/** Times of 10 days, a few of them on the hour, and values that include all that a broken exporter may say. */
const time = fc.oneof(
  fc.constantFrom(-1, 0, 1).map((more) => moment - 90 * 60_000 + 7 + more),
  fc.integer({ min: begin, max: begin + 10 * day }),
  fc.integer({ min: 0, max: 240 }).map((hours) => begin + hours * hour),
);
const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 120, noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, -1e308, 1e29, 0),
  },
);
const pairs = fc.array(fc.tuple(time, value), { maxLength: 60 });
const names = ['heat', 'watts', 'errors', 'codes', 'tickets', 'scrapes'];
const fleet = fc.array(fc.tuple(...names.map(() => pairs)), { minLength: 1, maxLength: 4 });
type Fleet = readonly (readonly (readonly (readonly [number, number])[])[])[];

function entitiesOf(made: Fleet): readonly EntitySamples[] {
  return made.map((signals, at) =>
    gpuWith(`GPU-${at}`, Object.fromEntries(signals.map((own, index) => [names[index] ?? '', [samplesOf(own)]])), {
      model: always('H100'),
      workload: always('job 1'),
      driver: always(`535.${at}`),
    }),
  );
}

function rowsUntil(samples: FleetSamples, untilMs: number) {
  const table = computeFeatures(smallSpec, samples, [moment - 2 * day, moment - 90 * 60_000 + 7, moment]);
  const rows = [...table.atMs].filter((ms) => ms <= untilMs).length;
  return {
    rows,
    values: [...table.values.subarray(0, rows * table.schema.names.length)],
    at: [...table.atMs.subarray(0, rows)],
  };
}

test('samples after a moment change nothing of it', () => {
  fc.assert(
    fc.property(fleet, fc.constantFrom(moment - 2 * day, moment - 90 * 60_000 + 7, moment), (made, untilMs) => {
      const known = made.map((signals) => signals.map((own) => own.filter(([at]) => at <= untilMs)));
      const all = rowsUntil({ entities: entitiesOf(made), events: [] }, untilMs);
      expect(rowsUntil({ entities: entitiesOf(known), events: [] }, untilMs)).toEqual(all);
    }),
    { numRuns: 150 },
  );
});

test('the order of samples, and samples that come twice, change nothing', () => {
  fc.assert(
    fc.property(fleet, fc.integer(), (made, seed) => {
      const shuffled = made.map((signals) =>
        signals.map((own) => {
          const twice = [...own, ...own.slice(0, 5)];
          return twice.toReversed().toSorted((a, b) => ((a[0] * 7919 + seed) % 1013) - ((b[0] * 7919 + seed) % 1013));
        }),
      );
      const plain = computeFeatures(smallSpec, { entities: entitiesOf(made) }, [moment]);
      const other = computeFeatures(smallSpec, { entities: entitiesOf(shuffled) }, [moment]);
      expect(other.values).toEqual(plain.values);
    }),
    { numRuns: 80 },
  );
});

test('whatever is fed in, what comes out is a number that can be stored or NaN', () => {
  fc.assert(
    fc.property(fleet, (made) => {
      const { values } = computeFeatures(smallSpec, { entities: entitiesOf(made), events: [] }, [moment, moment - day]);
      expect(values.every((each) => Number.isNaN(each) || Math.abs(each) <= 1.0001e30)).toBe(true);
    }),
    { numRuns: 80 },
  );
});

const heatOf = (own: Pairs) => [gpuWith('GPU-1', { heat: [samplesOf(own)] })];

type Pairs = readonly (readonly [number, number])[];

/** One by one, as the definitions have it. */
function expectStatistics(inside: Pairs, got: (statistic: string) => number | undefined): void {
  const values = inside.map(([, each]) => each);
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  if (inside.length === 0) {
    expect(got('mean') ?? Number.NaN).toBeNaN();
    return;
  }
  expect(got('samples')).toBe(inside.length);
  expect(got('mean')).toBeCloseTo(mean, 4);
  expect(got('max')).toBe(Math.fround(Math.max(...values)));
  expect(got('last')).toBe(Math.fround(values.at(-1) ?? 0));
  const sd = Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / values.length);
  if (inside.length > 1) expect(got('sd')).toBeCloseTo(sd, 4);
  else expect(got('sd')).toBeNaN();
  const meanTime = inside.reduce((sum, [ms]) => sum + ms / inside.length, 0);
  const spread = inside.reduce((sum, [ms]) => sum + (ms - meanTime) ** 2, 0);
  const together = inside.reduce((sum, [ms, each]) => sum + (ms - meanTime) * (each - mean), 0);
  // Samples a millisecond apart have slopes of any size.
  if (spread > hour ** 2) expect(got('slope')).toBeCloseTo((together / spread) * hour, 3);
}

test('statistics of windows are those of the samples', () => {
  const reading = fc.tuple(time, fc.double({ min: 10, max: 110, noNaN: true }));
  fc.assert(
    fc.property(fc.uniqueArray(reading, { selector: ([at]) => at, maxLength: 200 }), time, (own, at) => {
      const table = computeFeatures(smallSpec, { entities: heatOf(own) }, [at]);
      for (const [window, length] of [
        ['1h', hour],
        ['24h', day],
        ['7d', 7 * day],
      ] as const) {
        const inside = own.filter(([ms]) => ms > at - length && ms <= at).toSorted(([a], [b]) => a - b);
        expectStatistics(inside, (name) => cellOf(table, 'GPU-1', at, `heat_${name}_${window}`));
      }
    }),
    { numRuns: 100 },
  );
});

test('a reading that cannot be spoils only itself, not the windows after it', () => {
  const own = Array.from({ length: 48 }, (_, at): [number, number] => [begin + (at + 1) * hour, 50]);
  const bad = own.map(([at, each], index): [number, number] => [at, index === 3 ? 1e29 : each]);
  const spec = {
    ...smallSpec,
    signals: smallSpec.signals.map((each) => ({ ...each, plausible: [-1e30, 1e30] as const })),
  };
  const table = computeFeatures(spec, { entities: heatOf(bad) }, [begin + 2 * day]);
  expect(cellOf(table, 'GPU-1', begin + 2 * day, 'heat_mean_24h')).toBe(50);
  expect(cellOf(table, 'GPU-1', begin + 2 * day, 'heat_sd_24h')).toBe(0);
  expect(cellOf(table, 'GPU-1', begin + 2 * day, 'heat_max_7d')).toBe(Math.fround(1e29));
});

test('readings that are not finite or not plausible are not there', () => {
  const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e308, 6000, -61];
  const own = bad.map((each, at): [number, number] => [begin + at * 60_000, each]);
  const table = computeFeatures(smallSpec, { entities: heatOf([...own, [begin + hour, 50]]) }, [begin + hour]);
  const got = (name: string) => cellOf(table, 'GPU-1', begin + hour, name);
  expect([got('heat_samples_24h'), got('heat_mean_24h'), got('heat_max_24h')]).toEqual([1, 50, 50]);
});

test('counters grow by what they count, through resets and gaps, and since a code was seen first', () => {
  const at = begin + 2 * day;
  const errors = samplesOf([
    [begin + 20 * hour, 5],
    [begin + 26 * hour, 9],
    [begin + 30 * hour, 2],
    [begin + 40 * hour, 3],
  ]);
  const codes = samplesOf([
    [begin + 30 * hour, 2],
    [begin + 31 * hour, 2],
  ]);
  const tickets = samplesOf([
    [begin + 3 * hour, 1],
    [begin + 30 * hour, 1],
    [begin + 3 * day, 1],
  ]);
  const entities = [gpuWith('GPU-1', { errors: [errors], codes: [codes], tickets: [tickets] })];
  const table = computeFeatures(smallSpec, { entities }, [at]);
  const got = (name: string) => cellOf(table, 'GPU-1', at, name);
  // 4 between 20 h and 26 h, then it counted from 0 to 2 and to 3.
  expect(got('errors_growth_24h')).toBe(7);
  expect(got('errors_rate_24h')).toBe(Math.fround(7 / 20));
  expect(got('errors_since_24h')).toBe(8);
  expect(got('codes_growth_24h')).toBe(2);
  expect(got('tickets_growth_7d')).toBe(2);
  expect(got('tickets_since_7d')).toBe(18);
});

test('several series of one counter are added up', () => {
  const series = (last: number) =>
    samplesOf([
      [begin, 1],
      [begin + hour, last],
    ]);
  const table = computeFeatures(smallSpec, { entities: [gpuWith('GPU-1', { errors: [series(4), series(6)] })] }, [
    begin + hour,
  ]);
  expect(cellOf(table, 'GPU-1', begin + hour, 'errors_growth_24h')).toBe(8);
});

test('a counter that was seen once has grown by nobody knows what', () => {
  const entities = [gpuWith('GPU-1', { errors: [samplesOf([[begin, 7]])] })];
  const table = computeFeatures(smallSpec, { entities }, [begin + hour]);
  expect(cellOf(table, 'GPU-1', begin + hour, 'errors_growth_24h')).toBeNaN();
});

test('steps that a server has reduced are put together as their samples would be', () => {
  const own = Array.from({ length: 60 * 36 }, (_, at): [number, number] => [
    begin + (at + 1) * 60_000,
    50 + 20 * Math.sin(at / 40) + (at % 7),
  ]);
  const steps = Array.from({ length: 36 }, (_, step) => {
    const values = own.slice(step * 60, step * 60 + 60).map(([, each]) => each);
    const mean = values.reduce((sum, each) => sum + each, 0) / 60;
    const sd = Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 60);
    return { at: begin + (step + 1) * hour, mean, sd, max: Math.max(...values), last: values.at(-1) ?? 0 };
  });
  const column = (pick: (step: (typeof steps)[number]) => number) => Float64Array.from(steps, pick);
  const reduced: SignalSamples = {
    timesMs: column(({ at }) => at),
    values: column(({ mean }) => mean),
    reduced: {
      counts: column(() => 60),
      sds: column(({ sd }) => sd),
      maxes: column(({ max }) => max),
      lasts: column(({ last }) => last),
    },
  };
  const at = begin + 36 * hour;
  const raw = computeFeatures(smallSpec, { entities: heatOf(own) }, [at]);
  const put = computeFeatures(smallSpec, { entities: [gpuWith('GPU-1', { heat: [reduced] })] }, [at]);
  for (const name of [
    'heat_mean_24h',
    'heat_sd_24h',
    'heat_max_24h',
    'heat_last_24h',
    'heat_samples_24h',
    'heat_mean_1h',
    'heat_sd_7d',
  ])
    expect(cellOf(put, 'GPU-1', at, name)).toBeCloseTo(cellOf(raw, 'GPU-1', at, name) ?? 0, 4);
});

test('peers are of the same model and workload, and three are needed', () => {
  const at = begin + day;
  const gpu = (uuid: string, heat: number, workload: string, rack: string) =>
    gpuWith(
      uuid,
      { heat: [samplesOf([[at - 60_000, heat]])] },
      { model: always(uuid === 'GPU-6' ? 'A100' : 'H100'), workload: always(workload), rack: always(rack) },
    );
  const entities = [
    gpu('GPU-1', 50, 'job 1', 'r1'),
    gpu('GPU-2', 52, 'job 1', 'r1'),
    gpu('GPU-3', 60, 'job 1', 'r2'),
    gpu('GPU-4', 30, 'job 2', 'r2'),
    gpu('GPU-5', 31, 'job 2', 'r2'),
    gpu('GPU-6', 99, 'job 1', 'r2'),
  ];
  const table = computeFeatures(smallSpec, { entities }, [at]);
  const got = (uuid: string, name: string) => cellOf(table, uuid, at, name);
  expect([1, 2, 3].map((each) => got(`GPU-${each}`, 'heat_vs_workload'))).toEqual([-2, 0, 8]);
  // The median absolute deviation is 2.
  expect(got('GPU-3', 'heat_z_workload')).toBeCloseTo(8 / (1.4826 * 2), 5);
  expect(got('GPU-4', 'heat_vs_workload')).toBeNaN();
  expect(got('GPU-6', 'heat_vs_workload')).toBeNaN();
  expect(got('GPU-1', 'heat_vs_node')).toBe(0);
  expect(got('GPU-4', 'heat_vs_rack')).toBe(-1);
  expect(got('GPU-1', 'heat_vs_rack')).toBeNaN();
});

test('equal readings are no deviation, however small the noise', () => {
  const at = begin + day;
  const entities = [50, 50, 50, 50.1].map((heat, index) =>
    gpuWith(`GPU-${index}`, { heat: [samplesOf([[at, heat]])] }, { model: always('H100'), workload: always('') }),
  );
  const table = computeFeatures(smallSpec, { entities }, [at]);
  expect(cellOf(table, 'GPU-3', at, 'heat_z_workload')).toBeCloseTo(0.2, 3);
});

test('the temperature that power does not explain is told apart', () => {
  const at = begin + 3 * day;
  const times = Array.from({ length: 72 }, (_, step) => begin + (step + 1) * hour);
  const watts = (ms: number) => 200 + ((ms / hour) % 24) * 20;
  const entities = [0, 0, 0, 12].map((more, index) =>
    gpuWith(
      `GPU-${index}`,
      {
        watts: [samplesOf(times.map((ms) => [ms, watts(ms)]))],
        heat: [samplesOf(times.map((ms) => [ms, 30 + 0.08 * watts(ms) + more]))],
      },
      { model: always('H100') },
    ),
  );
  const table = computeFeatures(smallSpec, { entities }, [at]);
  expect(
    [0, 1, 2, 3].map((index) => Math.round((cellOf(table, `GPU-${index}`, at, 'heat_given_watts') ?? 0) * 1000) / 1000),
  ).toEqual([-3, -3, -3, 9]);
});

test('a line is fitted to hours that were over', () => {
  const at = begin + 3 * day + 30 * 60_000;
  const heatAt = (ms: number, isLate: boolean) =>
    isLate && ms > at ? 180 : 30 + 0.08 * (200 + ((ms / hour) % 24) * 20);
  const fleetWith = (isLate: boolean) =>
    [0, 1].map((index) => {
      const times = Array.from({ length: 4 * 24 * 4 }, (_, step) => begin + step * 15 * 60_000);
      const known = isLate ? times : times.filter((ms) => ms <= at);
      const watts = samplesOf(known.map((ms) => [ms, 200 + ((ms / hour) % 24) * 20]));
      const heat = samplesOf(known.map((ms) => [ms, heatAt(ms, isLate) + index]));
      return gpuWith(`GPU-${index}`, { watts: [watts], heat: [heat] }, { model: always('H100') });
    });
  const values = (isLate: boolean) => {
    const table = computeFeatures(smallSpec, { entities: fleetWith(isLate) }, [at]);
    return ['GPU-0', 'GPU-1'].map((uuid) => cellOf(table, uuid, at, 'heat_given_watts'));
  };
  expect(values(true)).toEqual(values(false));
  expect(values(false)[1]).toBeCloseTo(0.5, 3);
});

test('signals that ended while scrapes went on have vanished', () => {
  const at = begin + 2 * day;
  const upTo = (ms: number) =>
    samplesOf(
      Array.from({ length: 40 }, (_, step): [number, number] => [begin + day + step * hour, 1]).filter(
        ([each]) => each <= ms,
      ),
    );
  const signals = { heat: [upTo(at)], watts: [upTo(at - 2 * hour)], errors: [upTo(at - 3 * hour)] };
  const table = (scrapes: SignalSamples) =>
    computeFeatures(smallSpec, { entities: [gpuWith('GPU-1', { ...signals, scrapes: [scrapes] })] }, [at]);
  expect(cellOf(table(upTo(at)), 'GPU-1', at, 'vanished')).toBe(2);
  expect(cellOf(table(upTo(at - 2 * hour)), 'GPU-1', at, 'vanished')).toBeNaN();
  expect(cellOf(table(upTo(at)), 'GPU-1', at, 'seen_24h')).toBe(1);
});

test('faults count from when they can be known, and none is not the same as nobody looking', () => {
  const at = begin + 40 * day;
  const entities = [gpuWith('GPU-1', { heat: [samplesOf([[at, 50]])] })];
  const other = { kind: 'gpu', cluster: 'prod', node: 'gpu-01', uuid: 'GPU-9' } as const;
  const own = gpuWith('GPU-1', {}).entity;
  const events = [
    { entity: own, atMs: at - 5 * day, kind: 'xid_79', weight: 1 },
    { entity: own, atMs: at - 60_000, kind: 'xid_79', weight: 1 },
    { entity: own, atMs: at + day, kind: 'xid_79', weight: 1 },
    { entity: own, atMs: at - 31 * day, kind: 'xid_79', weight: 1 },
    { entity: other, atMs: at - 2 * day, kind: 'xid_63', weight: 0.3 },
    { entity: other, atMs: Number.NaN, kind: 'xid_63', weight: 0.3 },
  ];
  const got = (name: string, samples: Omit<FleetSamples, 'entities'>) =>
    cellOf(computeFeatures(smallSpec, { entities, ...samples }, [at]), 'GPU-1', at, name);
  expect(got('faults_30d', { events })).toBe(1);
  expect(got('since_fault', { events })).toBe(5);
  expect(got('node_warnings', { events })).toBe(1);
  expect(got('faults_30d', { events: [] })).toBe(0);
  expect(got('since_fault', { events: [] })).toBe(200);
  expect(got('faults_30d', {})).toBeNaN();
  expect(got('faults_30d', { events: [], eventsFromMs: at - 10 * day })).toBeNaN();
});

test('ages are of what was known then', () => {
  const at = begin + 40 * day;
  const life = { installedMs: at - 30 * day, repairedMs: [at - 20 * day, at - 3 * day, at + day] };
  const entities = [
    gpuWith('GPU-1', { heat: [samplesOf([[at, 50]])] }, {}, { life }),
    gpuWith('GPU-2', { heat: [samplesOf([[at, 50]])] }, {}, { life: { installedMs: at + day, repairedMs: [] } }),
    gpuWith('GPU-3', { heat: [samplesOf([[at, 50]])] }),
  ];
  const table = computeFeatures(smallSpec, { entities }, [at]);
  const got = (name: string) => ['GPU-1', 'GPU-2', 'GPU-3'].map((uuid) => cellOf(table, uuid, at, name));
  expect(got('age')).toEqual([30, Number.NaN, Number.NaN]);
  expect(got('since_repair')).toEqual([3, 200, Number.NaN]);
  expect(got('repairs')).toEqual([2, 0, Number.NaN]);
});

test('versions come in as shares, slots as numbers, and facts only from when they were told', () => {
  const at = begin + day;
  const gpu = (uuid: string, driver: string, fromMs = 0) =>
    gpuWith(
      uuid,
      { heat: [samplesOf([[at, 50]])] },
      {
        model: always('H100'),
        slot: always('3'),
        driver: { timesMs: [0, fromMs], values: ['535.54', driver], validMs: Number.POSITIVE_INFINITY },
      },
    );
  const entities = [
    gpu('GPU-1', '535.104'),
    gpu('GPU-2', '535.104'),
    gpu('GPU-3', '550.10'),
    gpu('GPU-4', '550.10', at + 1),
  ];
  const table = computeFeatures(smallSpec, { entities }, [at]);
  const got = (name: string) => [1, 2, 3, 4].map((index) => cellOf(table, `GPU-${index}`, at, name));
  expect(got('driver_share')).toEqual([0.5, 0.5, 0.25, 0.25]);
  expect(got('driver_newer')).toEqual([0.25, 0.25, 0, 0.75]);
  expect(got('slot')).toEqual([3, 3, 3, 3]);
});

test('an entity has rows while it is seen, and not before or long after', () => {
  const entities = [
    gpuWith('GPU-1', {
      heat: [samplesOf([[begin + day, 50]])],
      scrapes: [
        samplesOf([
          [begin, 1],
          [begin + 20 * day, 1],
        ]),
      ],
    }),
  ];
  const moments = [begin + 8 * day + 1, begin, begin + 2 * day, begin + 8 * day - 1, begin + 2 * day];
  expect([...computeFeatures(smallSpec, { entities }, moments).atMs]).toEqual([begin + 2 * day, begin + 8 * day - 1]);
});

test('rows ascend by moment, then by entity', () => {
  const entities = ['GPU-1', 'GPU-2'].map((uuid) => gpuWith(uuid, { heat: [samplesOf([[begin, 50]])] }));
  const table = computeFeatures(smallSpec, { entities }, [begin + hour, begin]);
  expect([...table.atMs]).toEqual([begin, begin, begin + hour, begin + hour]);
  expect([...table.entity]).toEqual([0, 1, 0, 1]);
});

test('no history, constant readings and half of them missing give a table all the same', () => {
  expect(computeFeatures(smallSpec, { entities: [] }, [begin]).values).toHaveLength(0);
  expect(computeFeatures(smallSpec, { entities: [gpuWith('GPU-1', {})] }, [begin]).values).toHaveLength(0);
  const own = Array.from({ length: 48 }, (_, at): [number, number] => [
    begin + (at + 1) * hour,
    at % 2 === 0 ? Number.NaN : 50,
  ]);
  const table = computeFeatures(smallSpec, { entities: heatOf(own) }, [begin + 2 * day]);
  const got = (name: string) => cellOf(table, 'GPU-1', begin + 2 * day, name);
  expect([got('heat_samples_24h'), got('heat_mean_24h'), got('heat_sd_24h'), got('heat_slope_24h')]).toEqual([
    12, 50, 0, 0,
  ]);
});

test.each([gpuSpec, nodeSpec])('no feature reads what defines a failure', (spec) => {
  const origins = seriesOfColumns(spec);
  expect(new Set(origins.map(({ column }) => column)).size).toBeGreaterThan(spec.features.length / 2);
  expect(leakingColumns(origins)).toEqual([]);
  expect(origins).toContainEqual({
    column: 'xid_raised_growth_24h',
    signal: 'gpu_xid_errors_total',
    xids: [48, 63, 74, 92, 94, 154, 171, 172],
    lagMs: 0,
  });
  expect(origins).toContainEqual({ column: 'faults_7d', signal: 'risk_event', xids: undefined, lagMs: 300_000 });
});

test.each([gpuSpec, nodeSpec])('the features that come with the product fit together', (spec) => {
  expect(() => checkSpec(spec)).not.toThrow();
  const read = new Set(
    JSON.stringify(spec.features)
      .match(/"[a-z_]+"/g)
      ?.map((each) => each.slice(1, -1)),
  );
  expect(spec.signals.map(({ name }) => name).filter((name) => !read.has(name))).toEqual([]);
});
