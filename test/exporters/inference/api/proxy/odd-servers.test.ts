import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { eventually } from '../../../../support/eventually.ts';
import { ask } from '../../../../support/http-client.ts';
import { post, startProxy, stopProxies } from '../../../../support/inference-proxy.ts';

const servers: (Server | TcpServer)[] = [];

afterEach(async () => {
  await stopProxies();
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
});

async function listening<S extends Server | TcpServer>(server: S): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

async function inFrontOf(listener: RequestListener, ...argv: readonly string[]) {
  const port = await listening(createServer(listener));
  return startProxy({ file: `upstreams: [{url: "http://127.0.0.1:${port}/base/", models: [m1]}]`, argv });
}

const chat = '/v1/chat/completions';

test('a server that encodes its answer anyway is passed on unread', async () => {
  const body = '{"usage":{"prompt_tokens":1,"completion_tokens":2}}';
  const proxy = await inFrontOf((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
    response.end(gzipSync(body));
  });
  const { headers, raw } = await ask(`${proxy.url}${chat}`, { method: 'POST', headers: { 'accept-encoding': 'gzip' } });
  expect(headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(raw).toString()).toBe(body);
  expect(await proxy.sum('inference_requests_total', { status: 'success' })).toBe(1);
  expect(await proxy.sum('inference_usage_missing_total', { reason: 'absent' })).toBe(1);
  expect(await proxy.sum('inference_proxy_malformed_total', { kind: 'response_json' })).toBe(0);
});

test('a stream of a known length has none once the usage is taken out of it', async () => {
  const usage = 'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}\n\n';
  const rest = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n';
  const proxy = await inFrontOf((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Content-Length': usage.length + rest.length });
    response.end(usage + rest);
  });
  const { text, headers } = await post(proxy.url, chat, { model: 'm1', stream: true });
  expect(text).toBe(rest);
  expect(headers.has('content-length')).toBe(false);
});

test('paths are added to that of the address', async () => {
  const paths: (string | undefined)[] = [];
  const proxy = await inFrontOf((request, response) => {
    paths.push(request.url);
    response.end('{}');
  });
  await post(proxy.url, `${chat}?x=1`, { model: 'm1' });
  expect(paths).toContain(`/base${chat}?x=1`);
  await eventually('the health check', () => (paths.includes('/base/v1/models') ? true : undefined));
});

test('a server that accepts and says nothing more is given up when connecting takes too long', async () => {
  const port = await listening(createTcpServer(() => undefined));
  const proxy = await startProxy({
    file: `upstreams: [{url: "https://127.0.0.1:${port}", models: [m1]}]`,
    argv: ['--proxy.connect-timeout=200ms'],
  });
  expect((await post(proxy.url, chat, { model: 'm1' })).status).toBe(504);
  expect(await proxy.sum('inference_requests_total', { status: 'timeout', reason: 'connect' })).toBe(1);
  expect(await proxy.sum('inference_upstream_attempts_total', { outcome: 'timeout' })).toBe(1);
});

test('what a server says of its connection stays with that connection', async () => {
  const proxy = await inFrontOf((_request, response) => {
    response.writeHead(200, {
      Connection: 'close, x-hop',
      'X-Hop': '1',
      'Set-Cookie': ['a=1', 'b=2'],
      'X-Request-Id': 'r',
      'Content-Type': 'application/json',
    });
    response.end('{}');
  });
  const { headers } = await ask(`${proxy.url}${chat}`, { method: 'POST', headers: { connection: 'keep-alive' } });
  expect(headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-request-id': 'r' });
  expect(headers).not.toHaveProperty('x-hop');
});

test.each([
  ['no HTTP at all', 'SSH-2.0-OpenSSH\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
  ['half a header', 'HTTP/1.1 200 OK\r\nContent-'],
])('a server that answers with %s cannot be reached', async (_name, bytes) => {
  const port = await listening(
    createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(bytes));
    }),
  );
  const proxy = await startProxy({ file: `upstreams: [{url: "http://127.0.0.1:${port}", models: [m1]}]` });
  expect((await post(proxy.url, chat, { model: 'm1' })).status).toBe(502);
  expect(await proxy.sum('inference_requests_total', { reason: 'unreachable' })).toBe(1);
});

test('a body that is shorter than it says is an answer that broke off', async () => {
  const proxy = await inFrontOf((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 100 });
    response.write('{"usage":');
    setTimeout(() => response.socket?.destroy(), 50);
  });
  await expect(post(proxy.url, chat, { model: 'm1' })).rejects.toThrow();
  await eventually('it to end', async () =>
    (await proxy.sum('inference_requests_total', { status: 'error', reason: 'stream_error' })) === 1 ? true : undefined,
  );
});

test('a redirect is the business of the client', async () => {
  const proxy = await inFrontOf((_request, response) => {
    response.writeHead(307, { Location: 'http://elsewhere/' });
    response.end();
  });
  const { status, headers } = await ask(`${proxy.url}${chat}`, { method: 'POST' });
  expect({ status, location: headers.location }).toEqual({ status: 307, location: 'http://elsewhere/' });
});
