import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedger } from '../../exporters/billing/ledger/create-ledger.ts';
import { type BillingTables, billingSchema } from '../../exporters/billing/ledger/tables.ts';
import { billingMigrations } from '../../exporters/billing/migrations.ts';
import { systemClock } from '../../kit/clock.ts';
import { openStore } from '../../kit/store/store.ts';
import { askUrl } from '../support/api-server.ts';
import { hourMs, usage, windowAt } from '../support/billing-ledger.ts';
import {
  endCliProcesses,
  type RunningDaemon,
  runCli,
  sampleValue,
  scrape,
  startDaemonProcess,
} from '../support/cli.ts';
import { buildDist } from '../support/dist.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { quietLog } from '../support/stores.ts';

const folder = mkdtempSync(join(tmpdir(), 'billing-replicas-'));
const file = join(folder, 'billing.yaml');
const urlFile = join(folder, 'url');
let postgres: RunningPostgres;
let prometheus: Server;

beforeAll(async () => {
  await buildDist();
  postgres = await startPostgres();
  const url = await postgres.createDatabase('replicas');
  writeFileSync(urlFile, url);
  chmodSync(urlFile, 0o600);
  // It knows of nothing: the ledger has what the test put there.
  const nothing = JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [] } });
  prometheus = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(nothing);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => prometheus.once('listening', resolve));
  const address = prometheus.address();
  const config = {
    sources: [
      { name: 'main', cluster: 'east', url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}` },
    ],
    tenants: [{ name: 'red', owns: [{ namespace: 'team-red' }] }],
    currency: 'EUR',
    prices: [{ meter: 'gpu_time', unit: 'GPU hour', price: '2.50' }],
  };
  writeFileSync(file, JSON.stringify(config));
  await recordAnHour(url);
}, 300_000);
afterEach(() => endCliProcesses());
afterAll(async () => {
  prometheus.close();
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

async function recordAnHour(url: string): Promise<void> {
  const settings = { folder: '', url, schema: billingSchema, migrations: billingMigrations };
  const store = await openStore<BillingTables>({ ...settings, log: quietLog, clock: systemClock });
  const ledger = await createLedger({ store, clock: systemClock });
  const monthStart = new Date().toISOString().slice(0, 7);
  const used = usage('GPU-1', BigInt(hourMs), { holder: { namespace: 'team-red', pod: 'a' } });
  await ledger.record([windowAt(Date.parse(`${monthStart}-01T00:00:00Z`), [used])]);
  await store.close();
}

const replica = (): Promise<RunningDaemon> =>
  startDaemonProcess([
    'billing',
    `--billing.file=${file}`,
    `--store.url-file=${urlFile}`,
    '--billing.refresh-interval=1s',
  ]);
const leads = async ({ url }: RunningDaemon): Promise<boolean> =>
  sampleValue(await scrape(url), 'billing_leader') === 1;
const costOf = async ({ url }: RunningDaemon): Promise<number | undefined> =>
  sampleValue(await scrape(url), 'billing_cost_total{cluster="east",tenant="red",resource="gpu_time",currency="EUR"}');

test('of two processes on one server one meters, both answer, and the other takes over', async () => {
  const first = await replica();
  await eventually('a leader', async () => (await leads(first)) || undefined);
  const second = await replica();
  await eventually('the costs of the second', async () => (await costOf(second)) ?? undefined);
  expect([await leads(first), await leads(second)]).toEqual([true, false]);
  expect([await costOf(first), await costOf(second)]).toEqual([2.5, 2.5]);
  for (const { url } of [first, second]) {
    const { status, json } = await askUrl(`${url}/api/v1/tenants/red/draft`);
    expect([status, json.total]).toEqual([200, '2.50']);
    expect((await askUrl(`${url}/-/ready`)).status).toBe(200);
  }
  const told = async ({ url }: RunningDaemon) => (await askUrl(`${url}/api/v1/status`)).json;
  expect([(await told(first)).leader, (await told(second)).leader]).toEqual([true, false]);
  expect((await told(second)).position).toBe((await told(first)).position);
  first.child.kill('SIGKILL');
  await eventually('the second to lead', async () => (await leads(second)) || undefined);
  expect(await costOf(second)).toBe(2.5);
}, 120_000);

test('a second process on the folder of the first is refused, and says what to do', async () => {
  const own = [`--billing.file=${file}`, `--store.folder=${join(folder, 'embedded')}`];
  const first = await startDaemonProcess(['billing', ...own]);
  const second = await runCli(['billing', ...own, '--web.listen-address=127.0.0.1:0']);
  expect(second.status).toBe(2);
  expect(second.stderr).toMatch(
    /is in use by process \d+.*one process at a time may have it: stop that one, or name another folder/,
  );
  expect((await askUrl(`${first.url}/api/v1/status`)).json.leader).toBe(true);
}, 120_000);
