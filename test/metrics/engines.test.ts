import { type Engine, isRelabelled } from '../../metrics/engines/engine.ts';
import { engineList } from '../../metrics/engines/index.ts';
import { inference } from '../../metrics/inference.ts';
import { engineFixture, engineFixtures } from '../support/engine-fixtures.ts';

const withMetrics = engineList.filter(({ path }) => path !== undefined);
const idOf = ({ kind }: Engine): string => kind.replaceAll('_', '-');

function pagesOf(engine: Engine): string {
  return engineFixtures
    .filter((name) => name === idOf(engine) || name.startsWith(`${idOf(engine)}-before`))
    .map((name) => engineFixture(name))
    .join('\n');
}

test.each(withMetrics.map((engine) => [engine.kind, engine] as const))('%s: the pages show every name', (_, engine) => {
  const pages = pagesOf(engine);
  const names = engine.series.flatMap(({ unified, native, formerly = [], countedBy }) => [
    ...[native, ...formerly].map((name) =>
      inference[unified].kind === 'histogram' && countedBy === undefined ? `${name}_bucket` : name,
    ),
    ...(countedBy === undefined ? [] : [countedBy]),
  ]);
  const missing = names.filter((name) => !new RegExp(`^${name}[{ ]`, 'm').test(pages));
  expect(missing).toEqual([]);
});

test.each(withMetrics.map((engine) => [engine.kind, engine] as const))(
  '%s: relabelling gives each series one name',
  (_, { series }) => {
    const taken = series
      .filter(isRelabelled)
      .flatMap(({ native, formerly = [], where = {} }) =>
        [native, ...formerly].map((name) => `${name} ${JSON.stringify(where)}`),
      );
    expect(taken.filter((name, index) => taken.indexOf(name) !== index)).toEqual([]);
  },
);

test.each(withMetrics.map((engine) => [engine.kind, engine] as const))(
  '%s: a counter becomes a counter, and only requests have a status',
  (_, { series }) => {
    for (const { unified, native, status, countedBy } of series) {
      const { kind } = inference[unified];
      expect(kind === 'gauge' || kind === 'counter' || kind === 'histogram').toBe(true);
      expect(status !== undefined).toBe(unified === 'inference_requests_total');
      if (countedBy !== undefined) expect(kind).toBe('histogram');
      expect(native).toMatch(/^[a-zA-Z_:][\w:]*$/);
    }
  },
);

test('cases of a status are expressions that both sides understand alike', () => {
  for (const { series } of engineList) {
    for (const { status } of series) {
      if (status === undefined || typeof status === 'string') continue;
      for (const { match } of status.cases) expect(match).toMatch(/^[\w.|[\]]+$/);
    }
  }
});

test('an engine whose names changed has a job for versions before, and no other has', () => {
  for (const { series, formerVersions } of engineList) {
    expect(series.some(({ formerly }) => formerly !== undefined)).toBe(formerVersions !== undefined);
  }
});
