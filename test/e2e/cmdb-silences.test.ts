import { createMemoryInventory } from '../../exporters/cmdb/inventory/memory-inventory.ts';
import type { MaintenanceWindow } from '../../exporters/cmdb/maintenance/maintenance-window.ts';
import { readAlertmanager } from '../../exporters/cmdb/maintenance/read-alertmanager.ts';
import { createSilenceSync, type SilenceSync } from '../../exporters/cmdb/maintenance/silence-sync.ts';
import type { Silence } from '../../kit/alertmanager/silence.ts';
import { createAlertmanagerClient } from '../../kit/alertmanager/silences-client.ts';
import { systemClock } from '../../kit/clock.ts';
import { listAlerts, type RunningAlertmanager, sendAlerts, startAlertmanager } from '../support/alertmanager.ts';
import { itemOf } from '../support/cmdb-inventory.ts';
import { ids, siteItems, siteRelations } from '../support/cmdb-site.ts';
import { eventually } from '../support/eventually.ts';
import { startFakeHttpServer } from '../support/fake-http-server.ts';
import { freePort } from '../support/free-port.ts';
import { quietLog } from '../support/stores.ts';

/** Silences of maintenance windows in a real Alertmanager. */
const { signal } = new AbortController();
const inventory = createMemoryInventory(Date.now() / 1000);
let alertmanager: RunningAlertmanager;
let windows: readonly MaintenanceWindow[] = [];

beforeAll(async () => {
  for (const sketch of siteItems) inventory.put({ ...itemOf(sketch), conflicts: [] });
  // A name with characters that mean something in a regular expression.
  const odd = { id: ids.node2, class: 'server', name: 'n.2', attributes: { node: 'n.2(b)' } } as const;
  inventory.put({ ...itemOf(odd), conflicts: [] });
  for (const [index, [from, type, to]] of siteRelations.entries())
    inventory.open({ id: index + 1, type, from, to, source: 'test', validFrom: 0, validTo: undefined });
  alertmanager = await startAlertmanager({
    config: { route: { receiver: 'none', group_wait: '0s' }, receivers: [{ name: 'none' }] },
  });
});
afterAll(() => alertmanager?.stop());

function clientAt(url: string) {
  const deps = { readFile: (): string => '' };
  const config = readAlertmanager({ value: { url }, where: 'alertmanager' }, deps);
  if (config === undefined) throw new Error('no Alertmanager is configured');
  return createAlertmanagerClient(config, deps);
}

/** As a daemon that has just started: it knows nothing of what it did before. */
function newSync(url = alertmanager.url): SilenceSync {
  return createSilenceSync({
    inventory,
    windows: async () => windows,
    client: clientAt(url),
    rules: { createdBy: 'fleetlens-cmdb', leadSeconds: 300 },
    clock: systemClock,
    log: quietLog,
  });
}

function window(more: Partial<MaintenanceWindow> = {}): MaintenanceWindow {
  const now = Date.now() / 1000;
  return {
    id: 1,
    title: 'New PDU',
    scope: { items: [], query: { class: 'rack', match: { name: ['r1'] } } },
    startsAt: now,
    endsAt: now + 3600,
    createdBy: 'ada',
    createdAt: now,
    changedBy: 'ada',
    changedAt: now,
    version: 1,
    cancelledAt: undefined,
    ...more,
  };
}

const there = async (): Promise<readonly Silence[]> =>
  (await clientAt(alertmanager.url).silences(signal)).filter(({ state }) => state !== 'expired');

async function stateOf(node: string): Promise<string | undefined> {
  return (await listAlerts(alertmanager.url)).find(({ labels }) => labels['node'] === node)?.status.state;
}

test('made, adopted after a restart, extended, changed and ended, while a silence of somebody else stays', async () => {
  const foreign = {
    matchers: [{ name: 'node', value: 'other', isRegex: false, isEqual: true }],
    startsAt: Date.now() / 1000 + 10,
    endsAt: Date.now() / 1000 + 7200,
    createdBy: 'ada',
    comment: '[window 1 node 1] by hand',
  };
  await clientAt(alertmanager.url).post(foreign, signal);
  const nodes = ['node-1', 'n.2(b)', 'nX2(b)', 'cpu-3'];
  await sendAlerts(
    alertmanager.url,
    nodes.map((node) => ({ labels: { alertname: 'NodeDown', node } })),
  );

  const first = window();
  windows = [first];
  expect(await newSync().run(signal)).toEqual({ posted: 1, expired: 0, kept: 0, failures: [] });
  const [made] = (await there()).filter(({ createdBy }) => createdBy === 'fleetlens-cmdb');
  expect(made).toMatchObject({ comment: '[window 1 node 1] New PDU', state: 'active' });
  await eventually('the silence of the rack', async () =>
    (await stateOf('node-1')) === 'suppressed' ? true : undefined,
  );
  expect(await Promise.all(nodes.map(stateOf))).toEqual(['suppressed', 'suppressed', 'active', 'active']);

  const restarted = newSync();
  expect(await restarted.run(signal)).toEqual({ posted: 0, expired: 0, kept: 1, failures: [] });
  expect(restarted.isInSync()).toBe(true);

  windows = [{ ...first, endsAt: first.endsAt + 3600, version: 2 }];
  expect(await restarted.run(signal)).toMatchObject({ posted: 1, expired: 0 });
  const extended = (await there()).filter(({ createdBy }) => createdBy === 'fleetlens-cmdb');
  expect(extended).toHaveLength(1);
  // The same silence goes on, without a gap.
  expect(extended[0]).toMatchObject({ id: made?.id, startsAt: made?.startsAt });
  expect(extended[0]?.endsAt).toBeCloseTo(first.endsAt + 3600, 1);

  inventory.end({
    id: 4,
    type: 'located_in',
    from: ids.node1,
    to: ids.rack1,
    source: 'test',
    validFrom: 0,
    validTo: undefined,
  });
  expect(await restarted.run(signal)).toMatchObject({ posted: 1, failures: [] });
  await eventually('the node that left the rack', async () =>
    (await stateOf('node-1')) === 'active' ? true : undefined,
  );
  expect(await stateOf('n.2(b)')).toBe('suppressed');

  windows = windows.map((each) => ({ ...each, cancelledAt: Date.now() / 1000 }));
  expect(await restarted.run(signal)).toMatchObject({ expired: 1, failures: [] });
  expect(await there()).toMatchObject([{ createdBy: 'ada', comment: '[window 1 node 1] by hand' }]);
  await eventually('the end of the silence', async () => ((await stateOf('n.2(b)')) === 'active' ? true : undefined));
});

test('a window that starts soon is silenced from its start', async () => {
  const startsAt = Date.now() / 1000 + 60;
  windows = [window({ id: 2, startsAt, endsAt: startsAt + 600 })];
  const sync = newSync();
  await sync.run(signal);
  const ours = (await there()).filter(({ createdBy }) => createdBy === 'fleetlens-cmdb');
  expect(ours).toMatchObject([{ state: 'pending' }]);
  expect(ours[0]?.startsAt).toBeCloseTo(startsAt, 1);
  expect(await sync.run(signal)).toMatchObject({ posted: 0, kept: 1 });
  windows = [];
  expect(await sync.run(signal)).toMatchObject({ expired: 1 });
});

test('an Alertmanager that is away is tried again, and one that is none is told', async () => {
  windows = [window({ id: 3 })];
  const dead = newSync(`http://127.0.0.1:${await freePort()}`);
  expect((await dead.run(signal)).failures).toEqual([expect.stringContaining('cannot be reached')]);
  expect(dead.isInSync()).toBe(false);
  const other = await startFakeHttpServer((response) => response.end('<html>'));
  expect((await newSync(other.url).run(signal)).failures).toEqual([
    expect.stringContaining('is alertmanager.url right?'),
  ]);
  const guarded = await startFakeHttpServer((response) => response.writeHead(401).end('no'));
  expect((await newSync(guarded.url).run(signal)).failures).toEqual([
    expect.stringContaining('see to alertmanager.token_file'),
  ]);
  await other.stop();
  await guarded.stop();
});
