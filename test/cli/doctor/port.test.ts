import { judgeFree, judgeTaken } from '../../../cli/doctor/checks/exporter/port.ts';
import { tryToListen } from '../../../cli/doctor/try-to-listen.ts';
import { whoListens } from '../../../cli/doctor/who-listens.ts';
import { type FakeHttpServer, startFakeHttpServer } from '../../support/fake-http-server.ts';

const pages: Record<string, string> = {};
let headers: Record<string, string> = {};
let server: FakeHttpServer;

beforeAll(async () => {
  server = await startFakeHttpServer((response, { path }) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const page = pages[path];
    if (page === 'silence') return;
    response.writeHead(page === undefined ? 404 : 200).end(page);
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  for (const path of Object.keys(pages)) delete pages[path];
  headers = {};
});

function address(): { readonly host: string; readonly port: number } {
  return { host: '127.0.0.1', port: Number(new URL(server.url).port) };
}

test('a port that is taken is told from one that is free', async () => {
  expect(await tryToListen(address())).toBe('EADDRINUSE');
  expect(await tryToListen({ host: '127.0.0.1', port: 0 })).toBeUndefined();
  expect(await tryToListen({ host: '192.0.2.1', port: 0 })).toBe('EADDRNOTAVAIL');
});

test('an exporter of FleetLens is known by what it says when asked whether it is ready', async () => {
  pages['/-/ready'] = 'ready\n';
  expect(await whoListens(address(), { isSecure: false })).toEqual({ kind: 'fleetlens', answer: 'ready' });
  pages['/-/ready'] = 'not ready: the driver hangs\n';
  expect(await whoListens(address(), { isSecure: false })).toEqual({
    kind: 'fleetlens',
    answer: 'not ready: the driver hangs',
  });
});

test('an exporter of FleetLens with passwords is known by the name that it asks them for', async () => {
  headers = { 'www-authenticate': 'Basic realm="fleetlens"' };
  expect(await whoListens(address(), { isSecure: false })).toEqual({
    kind: 'fleetlens',
    answer: 'it asks for a password',
  });
});

test('dcgm-exporter is known by its page', async () => {
  pages['/'] = '<html><head><title>GPU Exporter</title></head></html>';
  expect(await whoListens(address(), { isSecure: false })).toEqual({ kind: 'dcgm-exporter' });
});

test('what says something else, nothing at all or too much is something else', async () => {
  pages['/-/ready'] = 'Prometheus Server is Ready.\n';
  pages['/'] = `${'x'.repeat(1_000_000)}<title>GPU Exporter</title>`;
  expect(await whoListens(address(), { isSecure: false })).toEqual({ kind: 'other' });
  pages['/-/ready'] = 'silence';
  pages['/'] = 'silence';
  expect(await whoListens(address(), { isSecure: false })).toEqual({ kind: 'other' });
  expect(await whoListens(address(), { isSecure: true })).toEqual({ kind: 'other' });
});

test('a port that another program has is a failure with another port as the remedy', () => {
  const here = { host: undefined, port: 9400 };
  expect(judgeTaken(here, { kind: 'dcgm-exporter' })).toEqual({
    status: 'failure',
    found: ':9400 is taken by dcgm-exporter',
    remedy: 'stop it, or choose another port such as --web.listen-address=:9401',
  });
  expect(judgeTaken(here, { kind: 'other' }).status).toBe('failure');
  expect(judgeTaken(here, { kind: 'fleetlens', answer: 'ready' }).status).toBe('ok');
  expect(judgeTaken(here, { kind: 'fleetlens', answer: 'not ready: x' }).status).toBe('warning');
  expect(judgeFree({ host: '::1', port: 80 }, 'EACCES')).toMatchObject({
    status: 'failure',
    found: '[::1]:80 is not allowed for this user',
  });
});
