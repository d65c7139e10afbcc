import { type BackendSrv, type BackendSrvRequest, setBackendSrv } from '@grafana/runtime';
import { of, throwError } from 'rxjs';
import { download } from '../../../grafana-plugin/src/services/download';

const wanted = {
  service: 'billing',
  path: '/api/v1/bills/1',
  params: { format: 'pdf' },
  type: 'application/pdf',
} as const;

/** jsdom's Blob cannot be read as text. */
function file(text: string, type: string): Blob {
  return Object.assign(new Blob([text], { type }), { text: async () => text });
}

function answering(status: number, data: Blob): BackendSrvRequest[] {
  const asked: BackendSrvRequest[] = [];
  const fetch = (request: BackendSrvRequest) => {
    asked.push(request);
    return status < 400 ? of({ data }) : throwError(() => ({ status, data, config: request }));
  };
  setBackendSrv({ fetch } as unknown as BackendSrv);
  return asked;
}

test('a file is fetched through the proxy, and no token is in its address', async () => {
  const asked = answering(200, file('%PDF', 'application/pdf'));
  expect((await download(wanted)).size).toBe(4);
  expect(asked[0]).toMatchObject({
    url: '/api/plugin-proxy/fleetlens-gpucluster-app/billing/api/v1/bills/1',
    params: { format: 'pdf' },
    responseType: 'blob',
  });
});

test('an error comes as a file, too, and is read', async () => {
  answering(501, file('{"error":{"code":"not_set_up","message":"PDFs need Chromium"}}', 'application/json'));
  await expect(download(wanted)).rejects.toMatchObject({ kind: 'refused', detail: 'PDFs need Chromium' });
});

test('a login page is no bill', async () => {
  answering(200, file('<html>', 'text/html'));
  await expect(download(wanted)).rejects.toMatchObject({ kind: 'not_json', detail: 'text/html' });
});

test('a page of a proxy with an error is told by its status', async () => {
  answering(502, file('<html>', 'text/html'));
  await expect(download(wanted)).rejects.toMatchObject({ kind: 'unreachable', detail: undefined });
});
