import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodesOf, selectorAt } from '../../cli/rules/promql/syntax.ts';
import { amd } from '../../metrics/vendors/amd.ts';
import { dcgm, dcgm48, dcgm49 } from '../../metrics/vendors/dcgm.ts';
import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';

const fixtures = join(import.meta.dirname, '../fixtures/vendors');

const catalogues = [
  { profile: 'dcgm-4.8', series: { ...dcgm, ...dcgm48 } },
  { profile: 'dcgm-4.9', series: { ...dcgm, ...dcgm49 } },
  { profile: 'amd', series: amd },
] as const;

describe.each(catalogues)('the profile $profile', ({ profile, series }) => {
  const page = readFileSync(join(fixtures, profile, 'metrics.prom'), 'utf8');
  const themes = profileThemes.filter((theme) => theme.profile === profile);
  const alerts = themes.flatMap((theme) => theme.alerts);

  test('knows only series that the page of the exporter has', () => {
    const shown = new Set(page.split('\n').map((line) => line.replace(/[{ ].*$/, '')));
    expect(Object.keys(series).filter((name) => !shown.has(name))).toEqual([]);
  });

  test('reads only its own series, and each of them in some alert', () => {
    const read = new Set(
      alerts.flatMap(({ expr }) =>
        nodesOf(expr.promql)
          .filter(({ name }) => name === 'VectorSelector')
          .map((node) => selectorAt(expr.promql, node).name),
      ),
    );
    read.delete('ALERTS');
    expect([...read].sort()).toEqual(Object.keys(series).sort());
  });

  test('says when its series are absent, and when those are that have to be asked for', () => {
    expect(alerts.map(({ name }) => name)).toEqual(
      expect.arrayContaining([expect.stringMatching(/SeriesAbsent$/), expect.stringMatching(/FieldsMissing$/)]),
    );
  });

  test('has groups that are small enough to be evaluated one rule after the other', () => {
    for (const { theme, alerts: own } of themes) {
      expect({ theme, rules: own.length <= 12 }).toEqual({ theme, rules: true });
    }
  });
});

/** What needs more than a series in the place of ours, with the reason. */
const onlyNative: Readonly<Record<string, string>> = {
  GpuLost: 'A GPU that is lost has no series there; the count of the inventory tells, GpuFewerThanExpected.',
  GpuNvlinkDown: 'DCGM sums its links up.',
  GpuOrphanedMemory: 'Whether nobody has a GPU or nobody knows who has it cannot be told apart there.',
  GpuReadingImpossible: 'Their exporters leave such readings out or show them blank.',
  GpuSensorFrozen: 'DCGM itself caches for 30 seconds and more, and MI200 has whole watts.',
  GpuCounterWentBack: 'Counters of theirs are not known to be kept over restarts.',
};

test('every alert about single GPUs is in the profile of dcgm-exporter, or is known to need our exporter', () => {
  const theirs = new Set(
    profileThemes
      .filter(({ profile }) => profile === 'dcgm-4.8')
      .flatMap(({ alerts }) => alerts.map(({ name }) => name)),
  );
  const missing = alertThemes
    .flatMap(({ alerts }) => alerts)
    .filter(({ domain, fires }) => domain === 'gpu' && fires.alerts.some((labels) => 'uuid' in labels))
    .map(({ name }) => name)
    .filter((name) => !theirs.has(name));
  expect(missing.sort()).toEqual(Object.keys(onlyNative).sort());
});
