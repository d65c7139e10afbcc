import { type AppPluginMeta, PluginType } from '@grafana/data';
import { type BackendSrv, type BackendSrvRequest, config, setBackendSrv, setDataSourceSrv } from '@grafana/runtime';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import React from 'react';
import { of, throwError } from 'rxjs';
import ConnectionsPage from '../../../grafana-plugin/src/configuration/ConnectionsPage';
import type { Connections } from '../../../grafana-plugin/src/configuration/connections';

const settingsUrl = '/api/plugins/fleetlens-gpucluster-app/settings';

/** Grafana's side: what it keeps of the settings, and what it was asked. */
class Grafana {
  readonly asked: BackendSrvRequest[] = [];
  jsonData: Record<string, unknown> = { billingUrl: 'http://billing:9413', other: 7 };
  secrets: Record<string, string> = { billingToken: 'old' };
  answers: Record<string, { status: number; data: unknown }> = {};

  fetch(request: BackendSrvRequest) {
    this.asked.push(request);
    const { status, data } = this.answers[request.url] ?? this.settings(request);
    return status < 400 ? of({ data }) : throwError(() => ({ status, data, config: request }));
  }

  private settings({ method, data }: BackendSrvRequest) {
    if (method === 'POST') {
      this.jsonData = data.jsonData;
      this.secrets = { ...this.secrets, ...data.secureJsonData };
    }
    const secureJsonFields = Object.fromEntries(
      Object.entries(this.secrets).map(([name, text]) => [name, text !== '']),
    );
    return { status: 200, data: { enabled: true, pinned: true, jsonData: this.jsonData, secureJsonFields } };
  }

  get saved() {
    return this.asked.filter(({ method }) => method === 'POST').map(({ data }) => data);
  }
}

let grafana: Grafana;

beforeEach(() => {
  grafana = new Grafana();
  setBackendSrv({ fetch: (request: BackendSrvRequest) => grafana.fetch(request) } as unknown as BackendSrv);
  setDataSourceSrv({ getList: () => [] } as unknown as Parameters<typeof setDataSourceSrv>[0]);
  config.bootData.user.orgRole = 'Admin' as typeof config.bootData.user.orgRole;
});

function open() {
  const meta = {
    id: 'fleetlens-gpucluster-app',
    name: 'FleetLens',
    type: PluginType.app,
    enabled: true,
    pinned: true,
    jsonData: grafana.jsonData,
    secureJsonFields: { billingToken: true },
  } as unknown as AppPluginMeta<Connections>;
  const plugin = { meta } as unknown as React.ComponentProps<typeof ConnectionsPage>['plugin'];
  render(<ConnectionsPage plugin={plugin} query={{}} />);
}

const part = (service: string) => within(screen.getByTestId(`connection-${service}`));
const save = () => screen.getByTestId('save-connections');
const address = (service: string) => part(service).getByLabelText('Address', { exact: false });

test('others than administrators see no form', () => {
  config.bootData.user.orgRole = 'Editor' as typeof config.bootData.user.orgRole;
  open();
  expect(screen.getByTestId('admins-only')).toBeInTheDocument();
  expect(screen.queryByTestId('save-connections')).toBeNull();
});

test('only what was changed is sent, what the app does not know is kept, and a token is never shown', async () => {
  open();
  expect(part('billing').getByDisplayValue('configured')).toBeDisabled();
  fireEvent.change(address('cmdb'), { target: { value: ' http://cmdb:9412/ ' } });
  fireEvent.change(part('cmdb').getByLabelText('Token for viewers', { exact: false }), { target: { value: 'new' } });
  fireEvent.click(save());
  await screen.findByText('Saved');
  expect(grafana.saved).toEqual([
    {
      enabled: true,
      pinned: true,
      jsonData: {
        ...{ cmdbUrl: 'http://cmdb:9412', billingUrl: 'http://billing:9413', predictionUrl: '', alertmanagerUrl: '' },
        other: 7,
      },
      secureJsonData: { cmdbToken: 'new' },
    },
  ]);
  expect(screen.queryByDisplayValue('new')).toBeNull();
  expect(grafana.secrets).toEqual({ billingToken: 'old', cmdbToken: 'new' });
  expect(grafana.asked.at(-1)).toMatchObject({ url: settingsUrl, method: 'GET' });
});

test('a token that is reset and left empty is removed', async () => {
  open();
  fireEvent.click(part('billing').getByText('Reset'));
  fireEvent.click(save());
  await screen.findByText('Saved');
  expect(grafana.saved[0].secureJsonData).toEqual({ billingToken: '' });
});

test('an address that is none is said at its field, and cannot be saved', () => {
  open();
  fireEvent.change(address('cmdb'), { target: { value: 'cmdb:9412' } });
  expect(part('cmdb').getByText('An address begins with http:// or https://.')).toBeInTheDocument();
  expect(save()).toBeDisabled();
});

test('a token without an address, and a token that is no header, are said and cannot be saved', () => {
  open();
  const header = part('alertmanager').getByLabelText('Header Authorization', { exact: false });
  fireEvent.change(header, { target: { value: 'abc' } });
  expect(part('alertmanager').getByText('There is a token, and no address that it is for.')).toBeInTheDocument();
  fireEvent.change(address('alertmanager'), { target: { value: 'http://alertmanager:9093' } });
  expect(part('alertmanager').getByText('Write the whole header', { exact: false })).toBeInTheDocument();
  expect(save()).toBeDisabled();
  fireEvent.change(header, { target: { value: 'Bearer abc' } });
  expect(save()).toBeEnabled();
});

test('what Grafana says when it does not save is shown', async () => {
  grafana.answers[settingsUrl] = { status: 403, data: { message: 'Permission denied' } };
  open();
  fireEvent.change(address('cmdb'), { target: { value: 'http://cmdb:9412' } });
  fireEvent.click(save());
  expect(await screen.findByText('Permission denied')).toBeInTheDocument();
});

const statusUrl = '/api/plugin-proxy/fleetlens-gpucluster-app/billing/api/v1/status';

test.each([
  ['answers', 200, { meters: [{}, { trouble: 'no data' }] }, 'It answers. Meters: 2, of them in trouble: 1.'],
  ['is another program', 200, '<html>Sign in</html>', 'Something else than Billing answers'],
  [
    'wants a token',
    401,
    { error: { code: 'unauthorized', message: 'no token' } },
    'Billing refuses the token of the app',
  ],
  ['is not there', 502, { message: 'connection refused' }, 'Billing does not answer'],
])('a service that %s', async (_name, status, data, text) => {
  grafana.answers[statusUrl] = { status, data };
  open();
  fireEvent.click(screen.getByTestId('test-billing'));
  expect(await screen.findByText(text)).toBeInTheDocument();
});

test('what is not saved is not tested, and neither is what has no address', async () => {
  open();
  expect(screen.getByTestId('test-cmdb')).toBeDisabled();
  expect(screen.getByTestId('test-billing')).toBeEnabled();
  fireEvent.change(address('billing'), { target: { value: 'http://elsewhere:9413' } });
  await waitFor(() => expect(screen.getByTestId('test-billing')).toHaveAttribute('aria-disabled', 'true'));
});
