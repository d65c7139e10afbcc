import { createAlertContexts } from '../../exporters/cmdb/alerts/alert-contexts.ts';
import { createAlertRelay } from '../../exporters/cmdb/alerts/relay.ts';
import { alertRoutes } from '../../exporters/cmdb/api/routes/alert-routes.ts';
import { systemClock } from '../../kit/clock.ts';
import { type AlertReceiver, startAlertReceiver } from '../support/alert-receiver.ts';
import { type RunningAlertmanager, sendAlerts, startAlertmanager } from '../support/alertmanager.ts';
import { type RunningApi, startCmdbApi } from '../support/cmdb-routes.ts';
import { smallSite } from '../support/cmdb-site.ts';
import { quietLog } from '../support/stores.ts';

/** A real Alertmanager sends its webhook to the relay, and the relay to a receiver. */
let receiver: AlertReceiver;
let api: RunningApi;
let alertmanager: RunningAlertmanager;

beforeAll(async () => {
  receiver = await startAlertReceiver();
  const contexts = createAlertContexts({
    store: { inventory: smallSite(), history: async () => [] },
    openWindows: () => [],
    clock: systemClock,
  });
  const url = new URL(`${receiver.url}/on-call`);
  const relays = [{ name: 'on-call', url, urlFile: undefined, tokenFile: undefined }];
  const relay = createAlertRelay(relays, { contexts, externalUrl: undefined, readFile: () => '', log: quietLog });
  api = await startCmdbApi(alertRoutes, { contexts, relay, externalUrl: undefined });
  alertmanager = await startAlertmanager({
    config: {
      route: { receiver: 'cmdb', group_by: ['alertname'], group_wait: '0s', group_interval: '1s' },
      receivers: [
        { name: 'cmdb', webhook_configs: [{ url: `${api.url}/api/v1/alerts/relay/on-call`, send_resolved: true }] },
      ],
    },
  });
});
afterAll(async () => {
  await alertmanager?.stop();
  await api?.stop();
  await receiver?.stop();
});

test('alerts arrive with rack, owner and service, those of unknown machines as they were', async () => {
  await sendAlerts(alertmanager.url, [
    { labels: { alertname: 'GpuTooHot', node: 'node-1', gpu_id: '0' }, annotations: { summary: 'A GPU is too hot.' } },
    { labels: { alertname: 'GpuTooHot', node: 'nobody' }, annotations: { summary: 'A GPU is too hot.' } },
  ]);
  const { body } = await receiver.delivery('both alerts', (each) => (each.body['alerts'] as unknown[]).length === 2);
  expect(body).toMatchObject({ version: '4', receiver: 'cmdb', status: 'firing' });
  const alerts = body['alerts'] as readonly { labels: Record<string, string>; annotations: Record<string, string> }[];
  const hot = alerts.find(({ labels }) => labels['node'] === 'node-1');
  expect(hot).toMatchObject({
    labels: { alertname: 'GpuTooHot', node: 'node-1', gpu_id: '0' },
    annotations: {
      summary: 'A GPU is too hot.',
      cmdb_item: 'gpu gpu0',
      cmdb_rack: 'r1',
      cmdb_owner: 'Ada',
      cmdb_service: 'vision-prod/trainer (vision)',
    },
  });
  const unknown = alerts.find(({ labels }) => labels['node'] === 'nobody');
  expect(unknown?.annotations).toEqual({ summary: 'A GPU is too hot.' });
});
