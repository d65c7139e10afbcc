import { createAlertContexts } from '../../../../exporters/cmdb/alerts/alert-contexts.ts';
import { itemOfAlert } from '../../../../exporters/cmdb/alerts/items-of-alert.ts';
import { withContext } from '../../../../exporters/cmdb/alerts/webhook-message.ts';
import type { MaintenanceWindow } from '../../../../exporters/cmdb/maintenance/maintenance-window.ts';
import type { CmdbStore } from '../../../../exporters/cmdb/store/cmdb-store.ts';
import type { Change } from '../../../../exporters/cmdb/store/history.ts';
import { systemClock } from '../../../../kit/clock.ts';
import { fleetInventory, topSwitch } from '../../../support/cmdb-fleet.ts';
import { ids, smallSite } from '../../../support/cmdb-site.ts';

const site = smallSite();

test.each([
  [{ ci: '8' }, ids.gpu0],
  [{ uuid: 'GPU-aaaa0000-0000-4000-8000-00000000000a', node: 'node-1' }, ids.gpu0],
  [{ node: 'node-1', gpu_id: '1' }, ids.gpu1],
  [{ node: 'node-1', gpu_id: '7' }, ids.node1],
  [{ node: 'NODE-1' }, ids.node1],
  [{ instance: '10.0.0.1:9400' }, ids.node1],
  [{ instance: '[fd00::3]:9100' }, ids.node3],
  [{ switch: 'leaf-1' }, ids.leaf],
  [{ class: 'pdu', name: 'nothing' }, undefined],
  [{ namespace: 'vision-prod', pod: 'trainer-7d9f8b6c5-x2x4z', cluster: 'train-1' }, ids.app],
  [{ namespace: 'vision-prod', pod: 'trainer-0', cluster: 'other' }, undefined],
  [{ namespace: 'vision-prod', cluster: 'train-1' }, ids.namespace],
  [{ tenant: 'speech' }, ids.tenantB],
  [{ cluster: 'train-1', run: 'llm-7b' }, ids.cluster],
  [{ model_name: 'speech-prod/asr' }, ids.appB],
  [{ node: 'unknown-1' }, undefined],
  [{ node: 'unknown-1', cluster: 'train-1', rack: 'r1' }, undefined],
  [{ node: 'unknown-1', namespace: 'vision-prod', pod: 'trainer-0' }, ids.app],
  [{ ci: '99999', constructor: 'x', __proto__: 'y' }, undefined],
  [{}, undefined],
])('%j is about item %s', (labels, id) => {
  expect(itemOfAlert(site, labels as Readonly<Record<string, string>>)?.id).toBe(id);
});

const window: MaintenanceWindow = {
  id: 4,
  title: 'New PDU',
  scope: { items: [ids.rack1], query: undefined },
  startsAt: 1_000,
  endsAt: 1_800_000_000,
  createdBy: 'ada',
  createdAt: 0,
  changedBy: 'ada',
  changedAt: 0,
  version: 1,
  cancelledAt: undefined,
};
const item = site.item(ids.node1);
const change: Change = {
  sequence: 1,
  at: 1_700_000_000,
  source: 'manual',
  actor: 'ada',
  request: 'r',
  message: 'new board',
  itemId: ids.node1,
  action: 'updated',
  before: item === undefined ? undefined : { ...item, attributes: { ...item.attributes, model: 'old' } },
  after: item,
  opened: [],
  closed: [],
};

type History = CmdbStore['history'];
const lastChange: History = async ({ itemId }) => (itemId === ids.node1 ? [change] : []);

function contexts({
  history = lastChange,
  windows = [],
}: {
  history?: History;
  windows?: readonly MaintenanceWindow[];
} = {}) {
  return createAlertContexts({ store: { inventory: site, history }, openWindows: () => windows, clock: systemClock });
}

const alert = (labels: Readonly<Record<string, string>>, more: object = {}) => ({ status: 'firing', labels, ...more });

test('an alert is told place, owners, services, maintenance, last change and impact', async () => {
  const given = { alerts: [alert({ node: 'node-1', alertname: 'GpuTooHot' })] };
  const known = await contexts({ windows: [window] }).of(given.alerts);
  const [enriched] = withContext(given, known, 'https://cmdb.example.com/').alerts;
  expect(enriched).toMatchObject({ status: 'firing', labels: { node: 'node-1', alertname: 'GpuTooHot' } });
  expect(enriched?.annotations).toEqual({
    cmdb_item: 'server node-1',
    cmdb_id: '5',
    cmdb_state: 'in_service',
    cmdb_node: 'node-1',
    cmdb_cluster: 'train-1',
    cmdb_site: 'fra1',
    cmdb_room: 'hall-1',
    cmdb_rack: 'r1',
    cmdb_unit: '7',
    cmdb_owner: 'Ada',
    cmdb_team: 'platform',
    cmdb_on_call: 'Ada, platform@example.com, +49 30 1',
    cmdb_tenant: 'vision',
    cmdb_service: 'vision-prod/trainer (vision)',
    cmdb_maintenance: 'New PDU, until 2027-01-15T08:00:00Z (window 4)',
    cmdb_last_change: '2023-11-14T22:13:20Z updated (model) by ada: new board',
    cmdb_impact: expect.stringContaining('2 GPUs'),
    cmdb_url: 'https://cmdb.example.com/api/v1/items/5',
  });
});

test('an alert that names its cluster alone is told whose it is, not that all of it is down', async () => {
  const [context] = await contexts().of([alert({ cluster: 'train-1' })]);
  expect(context).toMatchObject({
    item: { name: 'train-1' },
    owners: { team: { name: 'platform' } },
    impact: undefined,
  });
});

test('labels, order, number and other fields stay; an annotation that is there stays; the unknown gets nothing', async () => {
  const alerts = [
    alert({ node: 'nobody' }, { fingerprint: 'f1', annotations: { summary: 's' } }),
    alert({ node: 'node-1' }, { annotations: { cmdb_rack: 'mine' }, generatorURL: 'http://p' }),
    alert({ node: 'node-1' }),
  ];
  const given = { version: '4', groupKey: 'g', truncatedAlerts: 3, commonLabels: {}, commonAnnotations: {}, alerts };
  const enriched = withContext(given, await contexts().of(alerts), undefined);
  expect(enriched.alerts[0]).toBe(alerts[0]);
  expect(enriched.alerts[1]).toMatchObject({
    generatorURL: 'http://p',
    annotations: { cmdb_rack: 'mine', cmdb_site: 'fra1' },
  });
  expect(enriched.alerts.map(({ labels }) => labels)).toEqual(alerts.map(({ labels }) => labels));
  expect(enriched).toMatchObject({ version: '4', groupKey: 'g', truncatedAlerts: 3, commonAnnotations: {} });
  const [, ...known] = alerts;
  const common = withContext({ alerts: known, commonAnnotations: {} }, await contexts().of(known), undefined);
  expect(common.commonAnnotations).toMatchObject({ cmdb_site: 'fra1', cmdb_owner: 'Ada' });
  expect(common.commonAnnotations).not.toHaveProperty('cmdb_rack');
});

test('a database that fails or hangs costs the last change alone', async () => {
  const alerts = [alert({ node: 'node-1' })];
  for (const history of [() => Promise.reject(new Error('away')), () => new Promise<never>(() => undefined)]) {
    const started = performance.now();
    const [annotations] = withContext({ alerts }, await contexts({ history }).of(alerts), undefined).alerts.map(
      (each) => each.annotations,
    );
    expect(performance.now() - started).toBeLessThan(1900);
    expect(annotations).toMatchObject({ cmdb_rack: 'r1' });
    expect(annotations).not.toHaveProperty('cmdb_last_change');
  }
});

test('a thousand alerts of a large fleet are told within two seconds', async () => {
  const { inventory } = fleetInventory();
  const store = { inventory, history: async () => [] };
  const large = createAlertContexts({ store, openWindows: () => [], clock: systemClock });
  const alerts = Array.from({ length: 1000 }, (_, node) => alert({ node: `node-${node}` })).concat(
    alert({ switch: topSwitch }),
  );
  // Places, owners and needs of all items are found out once for each state of the inventory.
  await large.of(alerts.slice(0, 1));
  const started = performance.now();
  const known = await large.of(alerts);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(known.every((context) => context?.place.site?.name === 'fra1')).toBe(true);
});
