import { toYaml } from '../../../../cli/generate/yaml.ts';
import { billingFile } from '../../../../cli/simulate/billing/billing-file.ts';
import { simulatedStreams } from '../../../../cli/simulate/billing/gateway-target.ts';
import { simulatedMonth } from '../../../../cli/simulate/billing/simulated-month.ts';
import { readBillingFile } from '../../../../exporters/billing/billing-file/billing-file.ts';
import { createTenantDirectory } from '../../../../exporters/billing/subjects/create-tenant-directory.ts';
import { unattributedTenant } from '../../../../exporters/billing/subjects/tenant-directory.ts';

const prometheusUrl = 'http://127.0.0.1:9090';
const cluster = { nodes: 2, gpus: 8 };

function read(settings: Partial<Parameters<typeof billingFile>[0]> = {}) {
  const text = toYaml(billingFile({ prometheusUrl, cluster, history: undefined, ...settings }), 'test');
  return readBillingFile('billing.yml', () => text);
}

const endMs = Date.UTC(2026, 9, 31, 12, 0, 30);
const past = (seconds: number, scrapeSeconds = 30) =>
  seconds === 0 ? undefined : { span: { startMs: endMs - seconds * 1000, endMs }, scrapeSeconds };

test.each([
  [0, 60_000],
  [3600, 300_000],
  [3 * 86_400, 900_000],
  [30 * 86_400, 3_600_000],
])('the billing takes its file; after %i s of history windows are of %i ms', (historySeconds, windowMs) => {
  const history = past(historySeconds);
  const { windows, collection } = read({ history });
  expect(windows.windowMs).toBe(windowMs);
  // All of it is billed, also what is of the month before.
  expect(collection.startMs).toBe(history?.span.startMs);
});

test('billing is told of samples so far apart that it would take them for averages', () => {
  const intervalOf = (scrapeSeconds: number) =>
    read({ history: past(86_400, scrapeSeconds) }).sources[0]?.scrapeIntervalMs;
  expect(intervalOf(120)).toBeUndefined();
  expect(intervalOf(300)).toBe(300_000);
});

test('the GPUs of a machine are billed without tenants of their own', () => {
  const config = read({ cluster: undefined });
  expect(config.tenants.tenants).toEqual([]);
  expect(config.sources.map(({ clusters }) => clusters)).toEqual([{ kind: 'one', name: 'local' }]);
});

test('whatever the simulated cluster does is somebody’s', () => {
  const { tenants } = read();
  const directory = createTenantDirectory(tenants);
  const startMs = Date.UTC(2026, 9, 1);
  const month = simulatedMonth({ seed: 1, ...cluster, span: { startMs, endMs: startMs + 86_400_000 } });
  const holders = [
    ...month.pods.map(({ namespace, name }) => ({ namespace, pod: name })),
    ...simulatedStreams(month.key).map(({ tenant, model }) => ({ tenant, model })),
  ];
  const owners = holders.flatMap((holder) =>
    directory.attribute({ cluster: 'simulated', node: 'sim-1', resource: 'GPU-1', holder, state: 'used' }, startMs),
  );
  expect(owners.filter(({ tenant }) => tenant === unattributedTenant)).toEqual([]);
  expect(new Set(owners.map(({ tenant }) => tenant))).toEqual(new Set(['team-a', 'team-b', 'research', 'ide-plugin']));
});
