import { readBuiltApp } from '../../../cli/preview/app-files.ts';
import { type AppSettings, matchRoute } from '../../../cli/preview/match-route.ts';
import { pluginSource } from '../../support/grafana-app.ts';

/** The routes of the app, by the rules of Grafana's proxy. */
const { routes } = pluginSource;
const settings: AppSettings = {
  jsonData: {
    cmdbUrl: 'http://cmdb:9412',
    billingUrl: 'http://billing:9413',
    alertmanagerUrl: 'http://am:9093/prefix',
  },
  secureJsonData: { cmdbToken: 'reads', cmdbEditorToken: 'edits' },
};
const match = (method: string, path: string, role: string) => matchRoute(routes, { method, path, role }, settings);
const denied = { kind: 'refused', status: 403, message: 'plugin proxy route access denied' };
const unknown = { kind: 'refused', status: 404, message: 'plugin route match not found' };

test('a viewer reads the inventory with the token of readers', () => {
  expect(match('GET', 'cmdb/api/v1/search', 'Viewer')).toEqual({
    kind: 'forward',
    url: 'http://cmdb:9412/api/v1/search',
    headers: { Authorization: 'Bearer reads' },
  });
});

test('maintenance is for editors and carries their token', () => {
  expect(match('POST', 'cmdb/api/v1/maintenance', 'Viewer')).toEqual(denied);
  expect(match('POST', 'cmdb/api/v1/maintenance', 'Editor')).toEqual({
    kind: 'forward',
    url: 'http://cmdb:9412/api/v1/maintenance',
    headers: { Authorization: 'Bearer edits' },
  });
});

test('nothing else of the inventory can be changed from here', () => {
  expect(match('POST', 'cmdb/api/v1/items', 'Admin')).toEqual(unknown);
  expect(match('DELETE', 'cmdb/api/v1/items/7', 'Admin')).toEqual(unknown);
});

test('bills are for editors', () => {
  expect(match('GET', 'billing/api/v1/bills', 'Viewer')).toEqual(denied);
  expect(match('GET', 'billing/api/v1/bills', 'Editor')).toMatchObject({ kind: 'forward', headers: {} });
});

test('silences can be read by viewers and ended by editors', () => {
  expect(match('GET', 'alertmanager/api/v2/silences', 'Viewer')).toMatchObject({
    url: 'http://am:9093/prefix/api/v2/silences',
  });
  expect(match('DELETE', 'alertmanager/api/v2/silence/abc', 'Viewer')).toEqual(denied);
  expect(match('DELETE', 'alertmanager/api/v2/silence/abc', 'Editor')).toMatchObject({
    url: 'http://am:9093/prefix/api/v2/silence/abc',
  });
});

test('a service without an address is told as Grafana tells it', () => {
  expect(match('GET', 'prediction/api/v1/risk', 'Viewer')).toMatchObject({ kind: 'refused', status: 502 });
});

test('a role that is not known may nothing', () => {
  expect(match('GET', 'cmdb/api/v1/search', 'Nobody')).toEqual(denied);
});

test('the built app, where there is one, has the same routes', () => {
  expect(readBuiltApp('/nowhere')).toBeUndefined();
});
