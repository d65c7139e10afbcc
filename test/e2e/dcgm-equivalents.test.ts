import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gpuCollectors } from '../../exporters/gpu/collectors/index.ts';
import { type DcgmField, dcgmFields } from '../../exporters/gpu/names/dcgm-fields.ts';
import { createDcgmNames } from '../../exporters/gpu/names/dcgm-names.ts';
import { dcgmSets } from '../../exporters/gpu/names/name-sets.ts';
import { systemClock } from '../../kit/clock.ts';
import { createCollectorRunner } from '../../kit/collector.ts';
import { contentTypes, renderExposition } from '../../kit/exposition/render.ts';
import { createLog } from '../../kit/log.ts';
import { createPrometheusApi, type PrometheusApi } from '../../kit/prometheus-api.ts';
import { gpu } from '../../metrics/gpu.ts';
import { fullGpu, viewOf } from '../exporters/gpu/names/full-view.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningPrometheus, startPrometheus } from '../support/prometheus.ts';

/** The native expressions of the reference, evaluated by a real Prometheus beside the series that they are to replace. */
const cases = dcgmFields.flatMap((field) => dcgmSets.flatMap((set) => caseOf(field, set)));

function caseOf(
  { names, native, units }: DcgmField,
  set: (typeof dcgmSets)[number],
): readonly (readonly [name: string, equivalent: string])[] {
  const name = names[set];
  // A rate needs more than the one reading here.
  if (name === undefined || native === undefined || native.promql.includes('rate(')) return [];
  return [[name, units[set].promql(native.promql)]];
}

let exporter: Server;
let prometheus: RunningPrometheus;
let api: PrometheusApi;

beforeAll(async () => {
  const text = await exposition();
  exporter = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': contentTypes.text }).end(text);
  });
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
  const { port } = exporter.address() as AddressInfo;
  const job = { job_name: 'gpu', scrape_interval: '1s', static_configs: [{ targets: [`127.0.0.1:${port}`] }] };
  prometheus = await startPrometheus({ config: JSON.stringify({ scrape_configs: [job] }) });
  api = createPrometheusApi({ url: prometheus.url });
  await eventually('the first scrape', async () => (await api.query('up == 1')).samples[0]);
});
afterAll(async () => {
  await prometheus?.stop();
  exporter?.close();
});

async function exposition(): Promise<string> {
  const view = viewOf([fullGpu()]);
  const log = createLog({ level: 'error', format: 'json', daemon: 'gpu', write: () => {} });
  const runner = createCollectorRunner(gpu, gpuCollectors, { clock: systemClock, log, deadlineSeconds: 5 });
  const names = createDcgmNames({
    sets: dcgmSets,
    counters: { fields: dcgmFields.map((field) => ({ field, kind: field.kind, helps: {} })), labels: [], unknown: [] },
    hostname: 'node-1',
    hostnameLabel: 'Hostname',
  });
  return renderExposition('text', [...(await runner.run(view)), ...names.families(view)]);
}

/** Values by XID code, which tells the series of one GPU apart. */
async function valuesOf(query: string): Promise<ReadonlyMap<string, number>> {
  const { samples } = await api.query(query);
  return new Map(samples.map(({ labels, value }) => [labels['xid'] ?? '', value]));
}

test('most fields have an equivalent to check', () => {
  expect(cases.length).toBeGreaterThan(100);
});

test.each(cases)('%s is %s', async (name, equivalent) => {
  const [theirs, ours] = await Promise.all([valuesOf(name), valuesOf(equivalent)]);
  expect(theirs.size).toBeGreaterThan(0);
  expect([...ours.keys()].toSorted()).toEqual([...theirs.keys()].toSorted());
  // A percentage that is computed by Prometheus is not rounded.
  for (const [xid, value] of theirs) expect(ours.get(xid)).toBeCloseTo(value, 6);
});
