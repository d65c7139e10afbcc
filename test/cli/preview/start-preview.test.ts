import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBuiltApp } from '../../../cli/preview/app-files.ts';
import { type Preview, startPreview } from '../../../cli/preview/start-preview.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-preview-'));
const seen: {
  method: string | undefined;
  url: string | undefined;
  authorization: string | undefined;
  cookie: string | undefined;
  body: string;
}[] = [];
let service: Server;
let preview: Preview;

beforeAll(async () => {
  mkdirSync(join(folder, 'app', 'panels', 'one'), { recursive: true });
  mkdirSync(join(folder, 'host', 'public', 'fonts'), { recursive: true });
  writeFileSync(join(folder, 'secret.json'), '{}');
  writeFileSync(join(folder, 'host', 'index.html'), '<title>host</title>');
  writeFileSync(join(folder, 'host', 'host.js'), 'host');
  writeFileSync(join(folder, 'host', 'public', 'fonts', 'a.woff2'), 'font');
  writeFileSync(join(folder, 'app', 'module.js'), 'app');
  writeFileSync(join(folder, 'app', 'panels', 'one', 'module.js'), 'panel');
  writeFileSync(join(folder, 'app', 'panels', 'one', 'plugin.json'), '{"id":"x-one-panel"}');
  const routes = [
    {
      path: 'cmdb/*',
      method: 'GET',
      reqRole: 'Viewer',
      url: '{{ .JsonData.cmdbUrl }}',
      headers: [{ name: 'Authorization', content: 'Bearer {{ .SecureJsonData.cmdbToken }}' }],
    },
    { path: 'dead/*', method: 'GET', url: '{{ .JsonData.deadUrl }}' },
  ];
  const includes = [{ type: 'panel', path: 'panels/one/plugin.json' }];
  writeFileSync(join(folder, 'app', 'plugin.json'), JSON.stringify({ id: 'x-app', routes, includes }));
  service = createServer((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    incoming.on('end', () => {
      const { method, url, headers } = incoming;
      seen.push({ method, url, authorization: headers.authorization, cookie: headers.cookie, body });
      response.writeHead(url?.includes('teapot') === true ? 418 : 200, {
        'Content-Type': 'application/json',
        'Set-Cookie': 'a=b',
      });
      response.end('{"answer":1}');
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  preview = await startPreview({
    address: { host: '127.0.0.1', port: 0 },
    app: readBuiltApp(join(folder, 'app')) ?? fail(),
    hostFolder: join(folder, 'host'),
    prometheusUrl: `${url}/prefix/`,
    settings: {
      jsonData: { cmdbUrl: url, deadUrl: 'http://127.0.0.1:1' },
      secureJsonData: { cmdbToken: 'secret-token' },
    },
  });
});

afterAll(async () => {
  await preview.stop();
  service.close();
  service.closeAllConnections();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  seen.length = 0;
});

const fail = (): never => {
  throw new Error('no app');
};
const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${preview.url}${path}`, { headers });
  return { status: response.status, text: await response.text(), headers: response.headers };
};

test('the page, the app, its panels and fonts are served by the addresses that Grafana gives them', async () => {
  expect((await get('/a/x-app/fleet')).text).toContain('host');
  expect((await get('/host.js')).text).toBe('host');
  expect((await get('/public/plugins/x-app/module.js')).text).toBe('app');
  expect((await get('/public/plugins/x-one-panel/module.js')).text).toBe('panel');
  expect((await get('/public/fonts/a.woff2')).text).toBe('font');
});

test('a file that the browser has already is not sent again, and is once it was built anew', async () => {
  const etag = (await get('/public/plugins/x-app/module.js')).headers.get('etag') ?? '';
  const again = await get('/public/plugins/x-app/module.js', { 'If-None-Match': etag });
  expect(again).toMatchObject({ status: 304, text: '' });
  writeFileSync(join(folder, 'app', 'module.js'), 'built anew');
  expect(await get('/public/plugins/x-app/module.js', { 'If-None-Match': etag })).toMatchObject({
    status: 200,
    text: 'built anew',
  });
  writeFileSync(join(folder, 'app', 'module.js'), 'app');
});

test.each([
  '/public/plugins/x-app/..%2f..%2fsecret.json',
  '/public/..%2f..%2fsecret.json',
  '/public/plugins/y-app/module.js',
  '/api/anything',
])('%s is not there', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test('a question to a service goes on with the token and without cookies, and its status comes back', async () => {
  const answer = await get('/api/plugin-proxy/x-app/cmdb/api/v1/teapot?q=a%20b', {
    'X-Preview-Role': 'Viewer',
    Cookie: 'session=1',
  });
  expect(answer.status).toBe(418);
  expect(answer.text).toBe('{"answer":1}');
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect(seen).toEqual([
    { method: 'GET', url: '/api/v1/teapot?q=a%20b', authorization: 'Bearer secret-token', cookie: undefined, body: '' },
  ]);
});

test('a service that does not answer is a 502 with the reason', async () => {
  const answer = await get('/api/plugin-proxy/x-app/dead/x', { 'X-Preview-Role': 'Viewer' });
  expect(answer.status).toBe(502);
  expect(JSON.parse(answer.text).message).toContain('ECONNREFUSED');
});

test('queries go to Prometheus, and nothing that would change it', async () => {
  const body = new URLSearchParams({ query: 'up' });
  expect((await fetch(`${preview.url}/api/prom/api/v1/query`, { method: 'POST', body })).status).toBe(200);
  expect(seen).toMatchObject([{ method: 'POST', url: '/prefix/api/v1/query', body: 'query=up' }]);
  expect((await get('/api/prom/api/v1/admin/tsdb/snapshot')).status).toBe(404);
  expect((await get('/api/prom/-/quit')).status).toBe(404);
});

test('settings tell addresses and that there is a token, not the token', async () => {
  const { text } = await get('/api/plugins/x-app/settings');
  expect(JSON.parse(text)).toMatchObject({ secureJsonFields: { cmdbToken: true } });
  expect(text).not.toContain('secret-token');
  const saved = await fetch(`${preview.url}/api/plugins/x-app/settings`, { method: 'POST', body: '{}' });
  expect(saved.status).toBe(403);
});

test('a name that leads here by tricks of DNS is refused', async () => {
  const { port } = new URL(preview.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path: '/', headers: { Host: 'evil.example.com' } },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    outgoing.on('error', reject).end();
  });
  expect(status).toBe(403);
});

test('a page of another origin cannot send by the browser of whoever looks at the preview', async () => {
  const response = await fetch(`${preview.url}/api/prom/api/v1/query`, {
    method: 'POST',
    headers: { Origin: 'http://evil.example.com' },
    body: 'query=up',
  });
  expect(response.status).toBe(403);
  expect(seen).toEqual([]);
});
