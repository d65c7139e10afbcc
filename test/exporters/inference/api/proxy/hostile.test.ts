import { connect, type Socket } from 'node:net';
import { eventually } from '../../../../support/eventually.ts';
import { type FakeLlmServer, startFakeLlm } from '../../../../support/fake-llm-server.ts';
import { ask, rawConnection, readUntilClosed } from '../../../../support/http-client.ts';
import { type ProxyUnderTest, post, startProxy, stopProxies } from '../../../../support/inference-proxy.ts';

let upstream: FakeLlmServer;
const sockets: Socket[] = [];

beforeEach(async () => {
  upstream = await startFakeLlm();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await stopProxies();
  await upstream.stop();
});

function start(...argv: readonly string[]): Promise<ProxyUnderTest> {
  return startProxy({ file: `upstreams: [{url: "${upstream.url}", models: [m1]}]`, argv });
}

const chat = '/v1/chat/completions';
const good = '{"model":"m1"}';

async function raw(proxy: ProxyUnderTest, text: string): Promise<string> {
  const socket = await rawConnection(proxy.url, text);
  sockets.push(socket);
  return readUntilClosed(socket);
}

test.each([
  ['two lengths', `Content-Length: ${good.length}\r\nContent-Length: 0\r\n\r\n${good}`],
  ['a length beside chunks', `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['an encoding that hides chunks', `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['a line that is folded', `X-A: b\r\n c: d\r\nContent-Length: 0\r\n\r\n`],
  ['a header with a bare line feed', `X-A: b\nContent-Length: 0\r\nX-B: c\r\n\r\n`],
  ['a header with a carriage return', `X-A: b\rX-C: d\r\nContent-Length: 0\r\n\r\n`],
  ['a header with a zero byte', `X-A: b\0c\r\nContent-Length: 0\r\n\r\n`],
  ['a name with a space before the colon', `Content-Length : 0\r\n\r\n`],
  ['headers beyond all measure', `X-A: ${'a'.repeat(40_000)}\r\nContent-Length: 0\r\n\r\n`],
])('%s never reaches the server', async (_name, rest) => {
  const proxy = await start();
  const answer = await raw(proxy, `POST ${chat} HTTP/1.1\r\nHost: proxy\r\nConnection: close\r\n${rest}`);
  expect(answer).toMatch(/^HTTP\/1\.1 4(00|31) /);
  expect(upstream.seen).toEqual([]);
  expect(await proxy.sum('inference_proxy_malformed_total', { kind: 'http' })).toBe(1);
  expect((await post(proxy.url, chat, good)).status).toBe(200);
});

test.each([
  `/v1/../admin`,
  `/v1/chat/completions/../../sleep`,
  `//v1/chat/completions`,
  `/v1/chat//completions`,
  `/v1/chat/completions/`,
  `/v1/chat%2fcompletions`,
  `/v1/%63hat/completions`,
  `/v1/chat/completions%00`,
  `/V1/chat/completions`,
  `/v1/chat/completions;x=1`,
  `\\v1\\chat\\completions`,
  `http://elsewhere/v1/chat/completions`,
  `/v1/models/..`,
  `/v1/models/../../metrics`,
  `/metrics`,
  `/sleep`,
  `/v1/load_lora_adapter`,
  `/api/pull`,
  `/api/delete`,
  `/`,
  `*`,
])('the path %s leads nowhere', async (path) => {
  const proxy = await start();
  const answer = await raw(
    proxy,
    `POST ${path} HTTP/1.1\r\nHost: proxy\r\nConnection: close\r\nContent-Length: ${good.length}\r\n\r\n${good}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 (404|405|400) /);
  expect(upstream.seen).toEqual([]);
});

test.each(['/v1/models/..', '/v1/models/m1/..', '/v1/models/./m1'])('nor does looking at %s', async (path) => {
  const proxy = await start();
  const answer = await raw(proxy, `GET ${path} HTTP/1.1\r\nHost: proxy\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
});

test('a path passes that the file lets pass, and is counted', async () => {
  const proxy = await startProxy({
    file: `upstreams: [{url: "${upstream.url}", models: [m1]}]\npaths: [/v1/messages]`,
  });
  expect((await post(proxy.url, '/v1/messages', good)).status).toBe(200);
  expect((await post(proxy.url, '/v1/messages/', good)).status).toBe(404);
  expect(await proxy.sum('inference_requests_total', { model_name: 'm1', status: 'success' })).toBe(1);
});

test('another method of a path is refused and named', async () => {
  const proxy = await start();
  const { status, body } = await ask(`${proxy.url}${chat}`);
  expect({ status, body: JSON.parse(body) }).toMatchObject({
    status: 405,
    body: { error: { message: `${chat} takes POST` } },
  });
});

test('looking at the models of the server passes and is shown nowhere', async () => {
  const proxy = await start();
  const through = await ask(`${proxy.url}/v1/models`);
  expect(JSON.parse(through.body)).toEqual(JSON.parse((await ask(`${upstream.url}/v1/models`)).body));
  expect(await proxy.sum('inference_requests_total')).toBe(0);
});

describe('bodies', () => {
  const tooLong = 3 * 1024 * 1024;

  test('one that says that it is too large is refused at once', async () => {
    const proxy = await start('--proxy.max-body-mib=1');
    const { status, text } = await post(proxy.url, chat, Buffer.alloc(tooLong, 'x'));
    expect({ status, error: JSON.parse(text) }).toMatchObject({
      status: 413,
      error: { error: { code: 'request_too_large' } },
    });
    expect(await proxy.sum('inference_requests_total', { status: 'rejected', reason: 'too_large' })).toBe(1);
    expect(upstream.seen).toEqual([]);
  });

  test('one that turns out to be too large is refused too', async () => {
    const proxy = await start('--proxy.max-body-mib=1');
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const answer = await raw(
      proxy,
      `POST ${chat} HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect((await post(proxy.url, chat, good)).status).toBe(200);
  });

  test('one of 100 MB costs a client its connection and nobody else anything', async () => {
    const proxy = await start();
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.write(`POST ${chat} HTTP/1.1\r\nHost: p\r\nContent-Length: 100000000\r\n\r\n`);
    const piece = Buffer.alloc(1_000_000, 'x');
    for (let sent = 0; sent < 100 && !socket.destroyed; sent++)
      await new Promise((resolve) => socket.write(piece, () => resolve(undefined)));
    await eventually('the connection to end', () => (socket.destroyed || socket.readableEnded ? true : undefined));
    expect(socket.bytesWritten).toBeLessThan(40_000_000);
    expect(await proxy.sum('inference_requests_total', { reason: 'too_large' })).toBe(1);
    expect((await post(proxy.url, chat, good)).status).toBe(200);
  });

  test('many large ones together do not fill the memory', async () => {
    const proxy = await start('--proxy.max-buffered-mib=1');
    const half = `POST ${chat} HTTP/1.1\r\nHost: p\r\nContent-Length: 900000\r\n\r\n${'x'.repeat(800_000)}`;
    sockets.push(await rawConnection(proxy.url, half));
    await eventually(
      'the second to be refused',
      async () => {
        const { status } = await post(proxy.url, chat, `{"model":"m1","pad":"${'x'.repeat(500_000)}"}`);
        return status === 503 ? true : undefined;
      },
      { withinSeconds: 35 },
    );
    for (const socket of sockets.splice(0)) socket.destroy();
    await eventually('memory to be there again', async () => {
      const { status } = await post(proxy.url, chat, `{"model":"m1","pad":"${'x'.repeat(500_000)}"}`);
      return status === 200 ? true : undefined;
    });
    expect(await proxy.sum('inference_requests_total', { reason: 'overload' })).toBeGreaterThan(0);
  });

  test('those that are over leave their room to others', async () => {
    const proxy = await start('--proxy.max-buffered-mib=1');
    for (let index = 0; index < 4; index++) {
      const { status } = await post(proxy.url, chat, `{"model":"m1","pad":"${'x'.repeat(400_000)}"}`);
      expect(status).toBe(200);
    }
  });

  test('one that never comes ends with its connection', async () => {
    const proxy = await start('--proxy.request-timeout=1s');
    const answer = await raw(proxy, `POST ${chat} HTTP/1.1\r\nHost: p\r\nContent-Length: 10\r\n\r\n{`);
    expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(upstream.seen).toEqual([]);
  });
});

test('a client that never reads holds the server up, not the memory, and is given up', async () => {
  const proxy = await start('--proxy.client-stall-timeout=1s');
  const body = JSON.stringify({ model: 'm1', stream: true, metadata: { tokens: 400, pieceBytes: 100_000 } });
  sockets.push(
    await rawConnection(
      proxy.url,
      `POST ${chat} HTTP/1.1\r\nHost: p\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ),
  );
  await eventually('the request to end', async () =>
    (await proxy.sum('inference_requests_total', { reason: 'client_stalled' })) === 1 ? true : undefined,
  );
  // 40 MB were to come; what was sent fits into the buffers of the sockets.
  expect(upstream.truth.generatedTokens).toBeLessThan(200);
  await eventually('the server to be let go', () => (upstream.truth.aborted === 1 ? true : undefined));
});

test('a slow client gets all of a long answer', async () => {
  const proxy = await start();
  const body = JSON.stringify({ model: 'm1', stream: true, metadata: { tokens: 60, pieceBytes: 100_000 } });
  const socket = await rawConnection(
    proxy.url,
    `POST ${chat} HTTP/1.1\r\nHost: p\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  sockets.push(socket);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const text = await readUntilClosed(socket);
  expect(text.match(/wört\d+ ✓x+/g)).toHaveLength(60);
  expect(text).toMatch(/0\r\n\r\n$/);
  expect(await proxy.sum('inference_tokens_generated_total')).toBe(60);
});

test('idle connections cost little and keep nobody out, up to the limit', async () => {
  const proxy = await start('--proxy.max-connections=400');
  const port = Number(new URL(proxy.url).port);
  for (let index = 0; index < 399; index++) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
  }
  await eventually('all to be counted', async () =>
    (await proxy.sum('inference_proxy_client_connections')) >= 399 ? true : undefined,
  );
  expect((await ask(`${proxy.url}${chat}`, { method: 'POST' })).status).toBe(400);
  for (let index = 0; index < 3; index++) sockets.push(connect(port, '127.0.0.1').on('error', () => undefined));
  await expect(ask(`${proxy.url}${chat}`, { method: 'POST' })).rejects.toThrow();
});

test('an upgrade is not taken up', async () => {
  const proxy = await start();
  const answer = await raw(
    proxy,
    `POST ${chat} HTTP/1.1\r\nHost: p\r\nConnection: close\r\nUpgrade: websocket\r\nContent-Length: ${good.length}\r\n\r\n${good}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(upstream.seen.at(-1)?.headers).not.toHaveProperty('upgrade');
});
