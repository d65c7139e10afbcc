import type { NamedFile, Promtool } from '../../../../cli/rules/test/promtool.ts';
import { evaluationsOf, tryRules } from '../../../../cli/rules/test/try-rules.ts';
import type { Alert, AlertTheme } from '../../../../rules/alert.ts';
import thermal from '../../../../rules/alerts/gpu-thermal.ts';
import usage from '../../../../rules/alerts/gpu-usage.ts';

const recordings: readonly NamedFile[] = [{ name: 'gpu.yaml', file: { groups: [{ name: 'gpu', rules: [] }] } }];

interface Faults {
  /** Names of files that promtool refuses. */
  readonly files?: readonly string[];
  /** Beginnings of the situations that do not hold. */
  readonly situations?: readonly string[];
}

/** Answers as promtool would, and notes what it was asked. */
function fakePromtool({ files = [], situations = [] }: Faults = {}) {
  const checked: string[][] = [];
  const asked: string[] = [];
  let [running, most] = [0, 0];
  const promtool: Promtool = {
    check: (named) => {
      checked.push(named.map(({ name }) => name));
      return Promise.resolve(named.some(({ name }) => files.includes(name)) ? 'FAILED: bad rule\n' : undefined);
    },
    holds: async ({ alerts }, tests) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      asked.push(alerts.map(({ name }) => name).join());
      const names = tests?.map(({ name }) => name) ?? alerts.flatMap(situationNames);
      return !names.some((name) => situations.some((fault) => name.startsWith(fault)));
    },
  };
  return { promtool, checked, asked, most: () => most };
}

function situationNames({ name, fires, quiet }: Alert): readonly string[] {
  return [`${name} fires: ${fires.when}`, ...(quiet === 'never' ? [] : [`${name} stays quiet: ${quiet.when}`])];
}

function namesOf(...themes: readonly AlertTheme[]): readonly string[] {
  return themes.flatMap(({ alerts }) => alerts.map(({ name }) => name));
}

test('files are checked together, and each alert is tried alone, the longest first, as many at a time as are allowed', async () => {
  const { promtool, checked, asked, most } = fakePromtool();
  const tried: string[] = [];
  const onTried = ({ name }: Alert): void => void tried.push(name);
  expect(await tryRules(recordings, [thermal, usage], { promtool, processes: 3, onTried })).toEqual([]);
  expect(checked).toEqual([['gpu.yaml', 'gpu-thermal.yaml', 'gpu-usage.yaml']]);
  expect(asked.toSorted()).toEqual(namesOf(thermal, usage).toSorted());
  expect(tried.toSorted()).toEqual(asked.toSorted());
  expect(most()).toBe(3);
  const longest = [...thermal.alerts, ...usage.alerts].toSorted(
    (one, other) => evaluationsOf(other) - evaluationsOf(one),
  );
  expect(asked[0]).toBe(longest[0]?.name);
});

test('a file that promtool refuses is named with what it said, and its alerts are not tried', async () => {
  const { promtool, checked, asked } = fakePromtool({ files: ['gpu-thermal.yaml'] });
  expect(await tryRules(recordings, [thermal, usage], { promtool, processes: 2, onTried: () => {} })).toEqual([
    { alert: 'gpu-thermal.yaml', kind: 'check', message: 'FAILED: bad rule' },
  ]);
  expect(checked.slice(1)).toEqual([['gpu.yaml'], ['gpu-thermal.yaml'], ['gpu-usage.yaml']]);
  expect(asked.toSorted()).toEqual(namesOf(usage).toSorted());
});

test('of an alert that does not hold the situation is named; ours is a failure, a changed one is none', async () => {
  const { promtool } = fakePromtool({ situations: ['GpuTemperatureHigh fires', 'GpuTemperatureCritical stays quiet'] });
  const changed: AlertTheme = {
    ...thermal,
    alerts: thermal.alerts.map((alert) => (alert.name === 'GpuTemperatureHigh' ? { ...alert, for: '1h' } : alert)),
  };
  const problems = await tryRules(recordings, [changed], { promtool, processes: 2, onTried: () => {} });
  expect(problems).toEqual([
    {
      alert: 'GpuTemperatureHigh',
      kind: 'changed_by_override',
      message: expect.stringMatching(/^no longer fires as here: A GPU that slows down/),
    },
    {
      alert: 'GpuTemperatureCritical',
      kind: 'example',
      message: expect.stringMatching(/^now fires, where it was quiet: /),
    },
  ]);
});
