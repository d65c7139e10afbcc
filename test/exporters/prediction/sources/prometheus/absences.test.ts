import { closeAbsences } from '../../../../../exporters/prediction/sources/prometheus/close-absences.ts';
import type { HistoryApi } from '../../../../../exporters/prediction/sources/prometheus/history-api.ts';
import { readAbsences } from '../../../../../exporters/prediction/sources/prometheus/read-absences.ts';
import { defaultLabelNames } from '../../../../../exporters/prediction/sources/prometheus/series-labels.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = Date.UTC(2026, 2, 1);
const at = (hours: number, minutes = 0): number => day + hours * hour + minutes * minute;
const end = at(24);

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined where there is no sample. */
  readonly valueAt: (ms: number) => number | undefined;
}

const scrapes = Array.from({ length: 26 * 12 }, (_, index) => at(-1) + index * 5 * minute + 7000).filter(
  (ms) => ms <= end,
);
const target = (node: string) => ({ cluster: 'prod', node, job: 'gpu', instance: `${node}:9400` });

function up(node: string, isUp: (ms: number) => boolean = () => true): Series {
  return { name: 'up', labels: target(node), valueAt: (ms) => (isUp(ms) ? 1 : 0) };
}

function shows(node: string, valueAt: (ms: number) => number | undefined, uuid = 'GPU-1'): Series {
  return { name: 'gpu_up', labels: { ...target(node), uuid }, valueAt };
}

/** What of PromQL is asked for: a function over the range of a selector, for each series. */
function apiOf(series: readonly Series[]): HistoryApi {
  const chosen = (selector: string): readonly Series[] =>
    series.filter(
      ({ name, labels }) =>
        selector.match(/^\w+/)?.[0] === name &&
        [...selector.matchAll(/(\w+)="([^"]*)"/g)].every(([, key = '', value]) => labels[key] === value),
    );
  const samplesOf = ({ valueAt }: Series, fromMs: number, untilMs: number): readonly (readonly [number, number])[] =>
    scrapes.flatMap((ms) => {
      const value = ms > fromMs && ms <= untilMs ? valueAt(ms) : undefined;
      return value === undefined ? [] : [[ms, value] as const];
    });
  const columns = (labels: Series['labels'], points: readonly (readonly [number, number])[]) => ({
    labels,
    timesMs: Float64Array.from(points, ([ms]) => ms),
    values: Float64Array.from(points, ([, value]) => value),
  });
  const reduced = (how: string, values: readonly number[]): number => {
    if (how === 'sum') return values.reduce((sum, value) => sum + value, 0);
    if (how === 'max') return Math.max(...values);
    return how === 'count' ? values.length : (values.at(-1) ?? 0);
  };
  return {
    usage: () => ({ queries: 0, bytes: 0 }),
    raw: async (selector, { startMs, endMs }) =>
      chosen(selector).map((each) => columns(each.labels, samplesOf(each, startMs, endMs))),
    range: async (expr, { startMs, endMs, stepMs }) => {
      const [, how = '', selector = ''] = /(\w+)_over_time\((.*)\[/.exec(expr) ?? [];
      return chosen(selector).flatMap((each) => {
        const points: [number, number][] = [];
        for (let ms = startMs; ms <= endMs; ms += stepMs) {
          const values = samplesOf(each, ms - stepMs, ms).map(([, value]) => value);
          const value = reduced(how, values);
          if (values.length > 0 && (!expr.endsWith('> 0') || value > 0)) points.push([ms, value]);
        }
        return points.length === 0 ? [] : [columns(each.labels, points)];
      });
    },
  };
}

const request = {
  labels: defaultLabelNames,
  matchers: [],
  stepMs: hour,
  startMs: day,
  endMs: end,
  signal: new AbortController().signal,
};

async function absencesOf(
  series: readonly Series[],
  span: { readonly startMs?: number; readonly endMs?: number } = {},
) {
  const found = await readAbsences(apiOf(series), { ...request, ...span });
  return found.map(({ fromMs, untilMs, how }) => [clock(fromMs), untilMs === undefined ? 'open' : clock(untilMs), how]);
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

const before =
  (ms: number, alsoFrom = Number.POSITIVE_INFINITY) =>
  (now: number) =>
    now < ms || now >= alsoFrom ? 1 : undefined;

test.each([300_000, hour])(
  'a GPU that vanished in the middle of the last step of %p ms, and never came back, is away',
  async (stepMs) => {
    const series = [up('a'), shows('a', before(at(23, 10)))];
    const found = await readAbsences(apiOf(series), { ...request, stepMs });
    expect(found).toMatchObject([{ fromMs: at(23, 10) + 7000, untilMs: undefined, how: 'vanished' }]);
  },
);

test.each([
  ['in the same step', [23, 10], [23, 40], '23:40'],
  ['in the next', [21, 50], [22, 5], '22:05'],
  ['much later', [3, 10], [20, 20], '20:20'],
] as const)('one that came back %s was away until then', async (_, [fromHour, fromMinute], [hours, minutes], until) => {
  const series = [up('a'), shows('a', before(at(fromHour, fromMinute), at(hours, minutes)))];
  expect(await absencesOf(series)).toEqual([[clock(at(fromHour, fromMinute)), until, 'vanished']]);
});

test('one that came back while its exporter did not answer was away until it was seen', async () => {
  const isDown = (ms: number): boolean => ms >= at(5, 20) && ms < at(10, 15);
  const series = [
    up('a', (ms) => !isDown(ms)),
    shows('a', (ms) => (isDown(ms) ? undefined : before(at(5, 10), at(6))(ms))),
    up('b'),
    shows('b', () => 1, 'GPU-2'),
  ];
  expect(await absencesOf(series)).toEqual([['05:10', '10:15', 'vanished']]);
});

test('one that another node shows from then on was moved, and its old place says nothing more', async () => {
  const series = [
    up('a'),
    up('b'),
    shows('a', before(at(4, 30))),
    shows('b', (ms) => (ms >= at(6, 20) ? 1 : undefined)),
  ];
  expect(await absencesOf(series)).toEqual([['04:30', '06:20', 'vanished']]);
});

test('what another node showed before, in the step in which it went, does not bring it back', async () => {
  const series = [
    up('a'),
    up('b'),
    shows('b', before(at(23, 5))),
    shows('a', (ms) => (ms >= at(23, 10) && ms < at(23, 20) ? 1 : undefined)),
  ];
  expect((await absencesOf(series)).at(-1)).toEqual(['23:20', 'open', 'vanished']);
});

test('one that was just installed was not away before', async () => {
  const series = [up('a'), shows('a', (ms) => (ms >= at(8, 40) ? 1 : undefined))];
  expect(await absencesOf(series)).toEqual([]);
});

test('one that went before the stretch is no news, one that the driver has lost is from its first word', async () => {
  expect(await absencesOf([up('a'), shows('a', before(at(-1, 30)))])).toEqual([]);
  expect(await absencesOf([up('a'), shows('a', (ms) => (ms < at(2) ? 1 : 0))])).toEqual([
    ['02:00', 'open', 'off_the_bus'],
  ]);
  expect(await absencesOf([up('a'), shows('a', (ms) => (ms < at(2) ? undefined : 0))])).toEqual([
    ['02:00', 'open', 'off_the_bus'],
  ]);
});

test('one that goes with the last scrape before a stretch is seen to go in it', async () => {
  const series = [up('a'), shows('a', before(at(0, 0)))];
  expect(await absencesOf(series)).toEqual([['00:00', 'open', 'vanished']]);
});

describe('an absence that was open', () => {
  const entity = { kind: 'gpu', cluster: 'prod', node: 'a', uuid: 'GPU-1' } as const;
  const open = (fromMs: number) => ({ entity, fromMs, untilMs: undefined, how: 'vanished' as const });

  test('ends with the first sample that shows its GPU again, wherever', async () => {
    const series = [up('b'), shows('b', (ms) => (ms >= at(7, 25) ? 1 : undefined))];
    const [closed] = await closeAbsences(apiOf(series), [open(at(-1, 20))], request);
    expect(closed?.untilMs).toBe(at(7, 25) + 7000);
  });

  test('stays open for samples of before it, and for a GPU that says that it is lost', async () => {
    const series = [shows('a', before(at(0, 20))), shows('b', () => 1, 'GPU-2')];
    const late = { ...request, startMs: at(0, 30) };
    expect(await closeAbsences(apiOf(series), [open(at(0, 20) + 7000)], late)).toEqual([open(at(0, 20) + 7000)]);
    const lost = [shows('a', () => 0)];
    expect(await closeAbsences(apiOf(lost), [open(at(-1))], request)).toEqual([open(at(-1))]);
  });
});
