import fc from 'fast-check';
import { renderAlertmanager } from '../../../../alertmanager/render.ts';
import { gapsIn } from '../../../../cli/alerts/report/gaps.ts';
import { countMessages } from '../../../../cli/alerts/report/messages.ts';
import { createReplay } from '../../../../cli/alerts/report/replay.ts';
import { totalsBy, unactedOn } from '../../../../cli/alerts/report/report.ts';
import { ruleFigures } from '../../../../cli/alerts/report/rule-figures.ts';
import { singleThreshold } from '../../../../cli/alerts/report/single-threshold.ts';
import { suggestDelay } from '../../../../cli/alerts/report/suggest-delay.ts';
import { numbersToTry, suggestThreshold } from '../../../../cli/alerts/report/suggest-threshold.ts';
import { gpu } from '../../../../metrics/gpu.ts';
import { promql, select } from '../../../../metrics/promql.ts';
import { thresholds } from '../../../../rules/thresholds.ts';
import { historyOf, minute, type Track, windowOfMinutes } from '../../../support/alert-series.ts';

const limits = { flapMs: 5 * minute, shortMs: 3 * minute };
const hot = { alertname: 'Hot', severity: 'warning', domain: 'gpu', team: 'sre' };

function figuresOf(tracks: readonly Track[], missing: readonly number[] = []) {
  const window = windowOfMinutes(Math.max(...tracks.map(({ track }) => track.length)));
  const seen = Array.from({ length: tracks[0]?.track.length ?? 0 }, (_, index) => index).filter(
    (index) => !missing.includes(index),
  );
  const gaps = gapsIn(
    Float64Array.from(seen, (index) => window.startMs + index * minute),
    window,
  );
  return ruleFigures(historyOf(tracks, { window, gaps }), window, limits);
}

describe('figures of a rule', () => {
  test('counts firings, flaps, times and what never fired', () => {
    const [figures] = figuresOf([
      { labels: { ...hot, uuid: '1' }, track: 'ppFF..ppFFFF.......pp..' },
      { labels: { ...hot, uuid: '2' }, track: '...........FFFFFFFF....' },
    ]);
    expect(figures).toMatchObject({
      alert: 'Hot',
      series: 2,
      firings: 3,
      carriedOver: 0,
      flaps: 1,
      stillFiring: 0,
      resolved: 3,
      short: 1,
      medianSeconds: 240,
      p90Seconds: 480,
      pendingOnly: 1,
      durations: [120, 240, 480],
      pauses: [240],
    });
    // Steps 2, 3 and 8 to 18 of 23.
    expect(figures?.timeShare).toBeCloseTo(13 / 23, 10);
  });

  test('what fires at an edge has no time to resolve', () => {
    const [figures] = figuresOf([{ labels: hot, track: 'FFF.....FF' }]);
    expect(figures).toMatchObject({
      firings: 1,
      carriedOver: 1,
      stillFiring: 1,
      resolved: 0,
      medianSeconds: undefined,
    });
  });

  test('one long firing over the whole window is carried over and still fires, once', () => {
    expect(figuresOf([{ labels: hot, track: 'FFFFFF' }])[0]).toMatchObject({
      firings: 0,
      carriedOver: 1,
      stillFiring: 1,
      timeShare: 1,
    });
  });

  test('a wait that has not ended may yet fire', () => {
    expect(figuresOf([{ labels: hot, track: '....pp' }])[0]).toMatchObject({ firings: 0, series: 0, pendingOnly: 0 });
  });

  test('while Prometheus was down an alert goes on, if it fires before and after', () => {
    const track = '..FFF......FFF..';
    expect(figuresOf([{ labels: hot, track }], [5, 6, 7, 8, 9, 10])[0]).toMatchObject({
      firings: 1,
      flaps: 0,
      durations: [720],
    });
    // It was seen to be quiet for one step of the pause.
    expect(figuresOf([{ labels: hot, track }], [5, 6, 7, 9, 10])[0]).toMatchObject({
      firings: 2,
      durations: [180, 180],
    });
    expect(figuresOf([{ labels: hot, track }])[0]).toMatchObject({ firings: 2, pauses: [360] });
  });

  test('what fires when the record begins and ends is carried over and still fires, although the window is longer', () => {
    const [figures] = figuresOf([{ labels: hot, track: '..FF...FF..' }], [0, 1, 9, 10]);
    expect(figures).toMatchObject({ firings: 1, carriedOver: 1, stillFiring: 1, resolved: 0 });
  });

  test('the same figures come out whatever the pieces are', () => {
    const tracks = fc.array(fc.stringMatching(/^[Fp.]{40}$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(tracks, fc.integer({ min: 1, max: 40 }), (all, piece) => {
        const window = windowOfMinutes(40);
        const named = all.map((track, index) => ({ labels: { ...hot, uuid: String(index) }, track }));
        const whole = ruleFigures(historyOf(named, { window, piece: 40 }), window, limits);
        expect(ruleFigures(historyOf(named, { window, piece }), window, limits)).toEqual(whole);
        const starts = all
          .map((track) => [...track.matchAll(/(?<!F)F/g)].length)
          .reduce((sum, count) => sum + count, 0);
        const [{ firings = 0, carriedOver = 0 } = {}] = whole;
        expect(firings + carriedOver).toBe(starts);
      }),
    );
  });

  test('a name at two severities is two rules, and totals add up', () => {
    const rules = figuresOf([
      { labels: hot, track: '.F..F..' },
      { labels: { ...hot, severity: 'critical' }, track: '.F.....' },
      { labels: { alertname: 'Other' }, track: '.F.....' },
    ]);
    expect(rules.map(({ alert, severity, firings }) => [alert, severity, firings])).toEqual([
      ['Hot', 'warning', 2],
      ['Hot', 'critical', 1],
      ['Other', '', 1],
    ]);
    expect(totalsBy(rules, 'domain')).toEqual([
      { name: 'gpu', rules: 2, firings: 3, flaps: 1, stillFiring: 0 },
      { name: 'none', rules: 1, firings: 1, flaps: 0, stillFiring: 0 },
    ]);
  });

  test('nobody acts on what is over at once, again and again', () => {
    const short = { labels: hot, track: '.F......F......F......F......F......' };
    const long = { labels: { ...hot, alertname: 'Long' }, track: '.FFFFF..FFFFF..FFFFF..FFFFF..FFFFF..' };
    expect(unactedOn(figuresOf([short, long])).map(({ alert }) => alert)).toEqual(['Hot']);
    expect(unactedOn(figuresOf([{ labels: hot, track: '.F......F......F...' }]))).toEqual([]);
  });
});

describe('messages', () => {
  const config = renderAlertmanager(
    { receivers: { default: [{ webhook: { url: 'http://x/' } }] } },
    { templatesDir: '/' },
  );
  const lost = { alertname: 'GpuLost', severity: 'critical', domain: 'gpu', team: 'sre', cluster: 'a' };
  const count = (tracks: readonly Track[]) =>
    countMessages(historyOf(tracks, { window: windowOfMinutes(30) }), config, minute);

  test('one node is one message, another node another, and a later GPU one more', () => {
    const at = (node: string, uuid: string, track: string) => ({ labels: { ...lost, node, uuid }, track });
    expect(count([at('n1', '1', '.FFFFFFFFFFFFF'), at('n1', '2', '..FFFFFFFF'), at('n2', '3', '.FFFFF')])).toEqual({
      firings: 3,
      toldNobody: 0,
      keptBack: 0,
      messages: 2,
    });
    expect(count([at('n1', '1', '.FFFFFFFFFFFFF'), at('n1', '2', '.......FFF')])).toMatchObject({ messages: 2 });
  });

  test('an inhibition keeps back what begins while its source fires or just before, at the same place', () => {
    const cold = { ...lost, alertname: 'GpuTemperatureHigh', severity: 'warning', node: 'n1', uuid: '1' };
    const source = { labels: { ...lost, node: 'n1', uuid: '1' }, track: '.....FFFFF.....' };
    const target = (track: string, uuid = '1') => count([source, { labels: { ...cold, uuid }, track }]).keptBack;
    expect(target('......FF')).toBe(1);
    expect(target('....FFF')).toBe(1);
    expect(target('...FFFF')).toBe(0);
    expect(target('..........FF')).toBe(0);
    expect(target('......FF', '2')).toBe(0);
  });

  test('a muted info is told nobody', () => {
    expect(count([{ labels: { ...lost, severity: 'info' }, track: '.FF' }])).toEqual({
      firings: 1,
      toldNobody: 1,
      keptBack: 0,
      messages: 0,
    });
  });
});

describe('longer waits', () => {
  const delays = { forSeconds: 120, keepFiringForSeconds: 0 };
  const rule = (track: string) => {
    const [figures] = figuresOf([{ labels: hot, track }]);
    if (figures === undefined) throw new Error('no figures');
    return figures;
  };

  test('the one that takes away more is suggested, at the shortest length that halves the firings', () => {
    // Six firings of one minute with long pauses: only a longer for helps.
    const blips = rule(`.${'F....................'.repeat(6)}`);
    expect(suggestDelay(blips, delays)).toEqual({
      kind: 'for',
      alert: 'Hot',
      severity: 'warning',
      fromSeconds: 120,
      toSeconds: 180,
      firings: 6,
      fewer: 6,
      laterSeconds: 60,
    });
    // Six firings of twenty minutes that pause for two: only a longer hold helps.
    const flapping = rule(`.${'FFFFFFFFFFFFFFFFFFFF..'.repeat(6)}`);
    expect(suggestDelay(flapping, delays)).toMatchObject({
      kind: 'keep_firing_for',
      fromSeconds: 0,
      toSeconds: 120,
      fewer: 5,
      laterSeconds: 0,
    });
  });

  test('what a rule keeps firing is not how long its condition held', () => {
    const kept = rule(`.${'FFFFFFFFFFF....................'.repeat(6)}`);
    expect(suggestDelay(kept, { forSeconds: 0, keepFiringForSeconds: 600 })).toMatchObject({
      kind: 'for',
      toSeconds: 60,
    });
    expect(suggestDelay(kept, { forSeconds: 0, keepFiringForSeconds: 0 })).toMatchObject({
      kind: 'for',
      toSeconds: 900,
    });
  });

  test('nothing is suggested for few firings, nor where no wait takes away half of them', () => {
    expect(suggestDelay(rule('.F..F..F..F..'), delays)).toBeUndefined();
    expect(suggestDelay(rule(`.${`${'F'.repeat(70)}${'.'.repeat(70)}`.repeat(6)}`), delays)).toBeUndefined();
  });
});

describe('other thresholds', () => {
  const limit = thresholds.gpuThermalThrottleRatio;
  const ratio = promql`avg by (cluster, node) (${gpu.gpu_utilization_ratio})`;
  const read = (expr: typeof ratio) => singleThreshold({ expr, thresholds: ['gpuThermalThrottleRatio'] });

  test('are tried where one value is compared with one number', () => {
    expect(read(promql`${ratio} > ${limit}`)).toMatchObject({ name: 'gpuThermalThrottleRatio', isBelow: false });
    expect(
      read(promql`(${ratio} <= ${limit}) and on (node) (${select(gpu.gpu_utilization_ratio, {})} > 0)`),
    ).toMatchObject({ isBelow: true });
    expect(read(promql`${ratio} > ${limit}`)?.expr(0.5)).toBe(`${ratio.promql} > 0.5`);
  });

  test.each([
    ['a margin', promql`${ratio} > ${ratio} - ${limit}`],
    ['a factor', promql`${ratio} > ${limit} * ${ratio}`],
    ['two comparisons', promql`${ratio} > ${limit} or ${ratio} > 3`],
    ['within a sum', promql`count by (cluster) (${ratio} > ${limit}) > 3`],
    ['within a function', promql`absent(${ratio} > ${limit})`],
    ['the number twice', promql`${ratio} > ${limit} and ${ratio} > ${limit}`],
  ])('are not tried for %s', (_name, expr) => {
    expect(read(expr)).toBeUndefined();
  });

  test('stay in the range of their unit, and whole where they count', () => {
    const of = (value: number, unit: string, isBelow = false) =>
      numbersToTry({ name: 'gpuHwSlowdownRatio', unit, value, isBelow, expr: String });
    expect(of(0.8, 'ratio')).toEqual([0.8, 0.81, 0.82, 0.84, 0.86, 0.9, 0.95]);
    expect(of(0.5, 'ratio', true)).toEqual([0.5, 0.475, 0.45, 0.4, 0.35, 0.25, 0.125]);
    expect(of(10, 'requests')).toEqual([10, 11, 12, 13, 15, 18, 20, 30, 50]);
    expect(of(0, 'conflicts')).toEqual([0, 1, 2, 3, 5, 10, 20]);
  });

  test('the replay fires as a rule would, in whatever pieces it is told', () => {
    // Minutes: 0.3 for one, 0.5 for three, a pause, 0.9 for five.
    const values = [0.3, 0.5, 0.5, 0.5, Number.NaN, 0.9, 0.9, 0.9, 0.9, 0.9];
    const seen = values.flatMap((value, index) => (Number.isNaN(value) ? [] : [{ time: index * minute, value }]));
    for (const piece of [1, 3, 10]) {
      const replay = createReplay({
        thresholds: [0.2, 0.4, 0.8, 0.95],
        isBelow: false,
        forMs: 2 * minute,
        stepMs: minute,
      });
      for (let first = 0; first < seen.length; first += piece) {
        const part = seen.slice(first, first + piece);
        replay.add([
          {
            labels: { uuid: '1' },
            timesMs: Float64Array.from(part, ({ time }) => time),
            values: Float64Array.from(part, ({ value }) => value),
          },
        ]);
      }
      expect(replay.firings()).toEqual([2, 2, 1, 0]);
    }
  });

  test('the least change that is quiet enough is suggested', () => {
    const threshold = read(promql`${ratio} > ${limit}`);
    if (threshold === undefined) throw new Error('no threshold');
    const rule = { alert: 'Hot', severity: 'warning' };
    const tried = [0.1, 0.2, 0.3];
    expect(suggestThreshold(rule, threshold, { tried, firings: [50, 5, 0], atMost: 5 })).toMatchObject({
      from: 0.1,
      to: 0.2,
      firings: 50,
      firingsThen: 5,
    });
    expect(suggestThreshold(rule, threshold, { tried, firings: [5, 5, 0], atMost: 5 })).toBeUndefined();
    expect(suggestThreshold(rule, threshold, { tried, firings: [50, 40, 30], atMost: 5 })).toBeUndefined();
  });
});
