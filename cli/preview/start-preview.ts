import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listen, urlOf } from '../../kit/http/listen.ts';
import type { Address } from '../../kit/options/define.ts';
import type { BuiltApp } from './app-files.ts';
import { forward, sendJson } from './forward.ts';
import { type AppSettings, matchRoute } from './match-route.ts';
import { sendFile } from './static-files.ts';

export interface PreviewSettings {
  readonly address: Address;
  readonly app: BuiltApp;
  /** Folder of the built page that plays Grafana. */
  readonly hostFolder: string;
  readonly prometheusUrl: string;
  readonly settings: AppSettings;
}

export interface Preview {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Serves the page, the built app, and what Grafana would forward for it. Throws ConfigError if the address cannot be had. */
export async function startPreview(preview: PreviewSettings): Promise<Preview> {
  const server = createServer((request, response) => answer(request, response, preview));
  await listen(server, preview.address);
  return { url: urlOf(server, preview.address, false), stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

type Handler = (request: IncomingMessage, response: ServerResponse, preview: PreviewSettings, rest: URL) => void;

/** By the beginning of the path, the longest first. */
const handlers: readonly (readonly [start: string, handler: Handler])[] = [
  ['/api/prom/', toPrometheus],
  ['/api/plugin-proxy/', toService],
  ['/api/plugins/', settingsOfApp],
  ['/api/', nothingHere],
  ['/public/plugins/', fileOfPlugin],
  ['/public/', fileOfHost],
];

function answer(request: IncomingMessage, response: ServerResponse, preview: PreviewSettings): void {
  const refusal = refusalOf(request, preview.address);
  if (refusal !== undefined) {
    sendJson(response, 403, { message: refusal });
    return;
  }
  const url = new URL(request.url ?? '/', 'http://preview');
  const handler = handlers.find(([start]) => url.pathname.startsWith(start))?.[1] ?? page;
  handler(request, response, preview, url);
}

/** The preview adds tokens to what it forwards, so pages of others must not be able to send by the browser of whoever looks at it. */
function refusalOf({ headers, method = 'GET' }: IncomingMessage, { host }: Address): string | undefined {
  const named = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  const isLocal = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  if (isLocal && !['127.0.0.1', '::1', 'localhost'].includes(named))
    return 'the preview answers under its own address alone';
  const isForeign = headers.origin !== undefined && new URL(headers.origin).host !== headers.host;
  return method !== 'GET' && isForeign ? 'a page of another origin must not send to the preview' : undefined;
}

function toPrometheus(
  request: IncomingMessage,
  response: ServerResponse,
  { prometheusUrl }: PreviewSettings,
  url: URL,
): void {
  const path = url.pathname.slice('/api/prom'.length);
  if (!/^\/api\/v1\/(query|query_range|series|labels|label\/\w+\/values|metadata)$/.test(path)) {
    nothingHere(request, response);
    return;
  }
  forward(request, response, { url: `${prometheusUrl.replace(/\/$/, '')}${path}${url.search}` });
}

function toService(
  request: IncomingMessage,
  response: ServerResponse,
  { app, settings }: PreviewSettings,
  url: URL,
): void {
  const [, , , id, ...rest] = url.pathname.split('/');
  const { method = 'GET' } = request;
  const role = String(request.headers['x-preview-role'] ?? 'Viewer');
  const match = matchRoute(
    id === app.id ? app.routes : [],
    { method, path: rest.join('/').replace(/\/$/, ''), role },
    settings,
  );
  if (match.kind === 'refused') sendJson(response, match.status, { message: match.message });
  else forward(request, response, { url: `${match.url}${url.search}`, headers: match.headers });
}

function settingsOfApp(
  request: IncomingMessage,
  response: ServerResponse,
  { app, settings }: PreviewSettings,
  url: URL,
): void {
  if (url.pathname !== `/api/plugins/${app.id}/settings`) nothingHere(request, response);
  else if (request.method === 'GET') {
    const secureJsonFields = Object.fromEntries(Object.keys(settings.secureJsonData).map((name) => [name, true]));
    sendJson(response, 200, { id: app.id, enabled: true, pinned: true, jsonData: settings.jsonData, secureJsonFields });
  } else sendJson(response, 403, { message: 'This is a preview: its connections are options of fleetlens preview.' });
}

function fileOfPlugin(request: IncomingMessage, response: ServerResponse, { app }: PreviewSettings, url: URL): void {
  const [, , , id = '', ...rest] = url.pathname.split('/');
  const folder = app.plugins.get(id);
  if (folder === undefined || !sendFile(request, response, { folder, path: decodeURIComponent(rest.join('/')) }))
    nothingHere(request, response);
}

function fileOfHost(
  request: IncomingMessage,
  response: ServerResponse,
  { hostFolder }: PreviewSettings,
  url: URL,
): void {
  if (!sendFile(request, response, { folder: hostFolder, path: decodeURIComponent(url.pathname) }))
    nothingHere(request, response);
}

function page(request: IncomingMessage, response: ServerResponse, { hostFolder }: PreviewSettings, url: URL): void {
  const isFile = url.pathname === '/host.js' || url.pathname === '/host.css';
  sendFile(request, response, { folder: hostFolder, path: isFile ? url.pathname : '/index.html' });
}

function nothingHere(_request: IncomingMessage, response: ServerResponse): void {
  sendJson(response, 404, { message: 'the preview has nothing here' });
}
