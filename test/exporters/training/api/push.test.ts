import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../../support/eventually.ts';
import { rawConnection, readUntilClosed } from '../../../support/http-client.ts';
import { type PushReceiver, startPushReceiver } from '../../../support/push-receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-push-'));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'sesame\n');
let receiver: PushReceiver | undefined;

afterEach(async () => {
  await receiver?.stop();
  receiver = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(settings?: Parameters<typeof startPushReceiver>[0]): Promise<PushReceiver> {
  receiver = await startPushReceiver(settings);
  return receiver;
}

async function post({ url }: PushReceiver, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${url}/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

function problems({ counts }: PushReceiver): Readonly<Record<string, number>> {
  return Object.fromEntries(counts().problems.get('push') ?? []);
}

const message = { run: 'exp1', job_id: '77', host: 'node1', records: [{ step: 5, values: { loss: 1.5 } }] };

test('a push reaches the journal and is answered with what was taken', async () => {
  const running = await start();
  const before = Date.now() / 1000;
  const records = [{ step: 5, values: { loss: 1.5, lossy: 1, 'my/tag': 2 } }, { values: { lossy: 2, other: 3 } }];
  const body = JSON.stringify({ ...message, records });
  const { status, text } = await post(running, body, { 'content-type': 'Application/JSON; charset=utf-8' });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({ accepted: 2, unknown: ['lossy', 'other'] });
  const { identity, id, kind, told } = running.only('push');
  const key = 'push:77:exp1';
  expect({ id, kind }).toEqual({ id: key, kind: 'push' });
  expect(identity).toEqual({ key, run: 'exp1', longName: key, jobId: '77', host: 'node1', namespace: '', pod: '' });
  expect(told).toEqual([
    { call: 'framework', name: 'custom' },
    { call: 'value', quantity: 'loss', value: 1.5, step: 5, timeSeconds: undefined },
    { call: 'scalar', tag: 'my/tag', value: 2 },
    { call: 'settle', readAtSeconds: expect.any(Number) },
  ]);
  const settled = told.at(-1);
  expect(settled?.call === 'settle' && (settled.readAtSeconds ?? 0) >= before).toBe(true);
  expect(running.counts().bytes.get('push')).toBe(body.length);
  expect(running.counts().records.get('push')).toBe(2);
  // Values that nobody will see.
  expect(problems(running)).toEqual({ bad_record: 3 });
});

test('no more than twenty unknown names are named', async () => {
  const running = await start();
  const values = Object.fromEntries([...Array(100).keys()].map((index) => [`x${index}`, index]));
  const { text } = await post(running, { run: 'exp1', records: [{ values }] });
  expect(JSON.parse(text).unknown).toHaveLength(20);
});

test('the NaN of Python is one', async () => {
  const running = await start();
  expect((await post(running, '{"run":"exp1","records":[{"values":{"loss":NaN}}]}')).status).toBe(200);
  expect(running.only('push').toldAs('value')[0]?.value).toBeNaN();
});

test.each([
  [
    'a fault',
    '{"run":"exp1","records":[{"step":-1}]}',
    {},
    400,
    'records[0].step must be a whole number from 0, got -1\n',
  ],
  ['no body', '', {}, 400, 'the body is no JSON'],
  ['no UTF-8', Uint8Array.from([0x22, 0xff, 0x22]), {}, 400, 'the body must be text in UTF-8\n'],
  ['a form', '{}', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'must be application/json\n'],
  ['a similar type', '{}', { 'content-type': 'application/jsonp' }, 415, 'must be application/json\n'],
  ['a compressed body', '{}', { 'content-encoding': 'gzip' }, 415, 'must not be compressed\n'],
])('%s is refused with the reason', async (_what, body, headers, status, text) => {
  const running = await start();
  const answer = await post(running, body, headers);
  expect(answer).toEqual({ status, text: expect.stringContaining(text) });
  expect(problems(running)).toEqual({ bad_record: 1 });
  expect(running.streams).toHaveLength(0);
  expect((await post(running, message)).status).toBe(200);
});

test('a message with one fault changes nothing', async () => {
  const running = await start();
  await post(running, { run: 'exp1', records: [{ step: 1, values: { loss: 1 } }, { step: 'x' }] });
  expect(running.streams).toHaveLength(0);
});

test.each([262_145, 4_000_000])('a body of %d bytes is too large, and its sender is told so', async (bytes) => {
  const running = await start();
  const answer = await post(running, ' '.repeat(bytes));
  expect(answer).toEqual({ status: 413, text: 'the body must have at most 262144 bytes\n' });
  expect(problems(running)).toEqual({ too_long: 1 });
});

test('a body of 262,144 bytes is not', async () => {
  const running = await start();
  expect((await post(running, JSON.stringify(message).padEnd(262_144))).status).toBe(200);
});

test('a body without end is cut off', async () => {
  const running = await start();
  const head =
    'POST /api/v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
  const socket = await rawConnection(running.url, head);
  const closed = readUntilClosed(socket);
  const piece = `10000\r\n${' '.repeat(0x10000)}\r\n`;
  const pour = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', pour);
  pour();
  await closed;
  expect(problems(running)).toEqual({ too_long: 1 });
  expect((await post(running, message)).status).toBe(200);
});

test('a body that does not come is waited for only for a while', async () => {
  const running = await start({ timing: { requestMs: 300, requestCheckMs: 50 } });
  const head =
    'POST /api/v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"run"';
  const socket = await rawConnection(running.url, head);
  expect(await readUntilClosed(socket)).toContain(' 408 ');
  expect(running.streams).toHaveLength(0);
});

test('senders that dawdle leave room for scrapes, and for others when they are gone', async () => {
  const running = await start({ maxPushes: 2 });
  const head =
    'POST /api/v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"run"';
  const dawdlers = await Promise.all([rawConnection(running.url, head), rawConnection(running.url, head)]);
  const answerOf = (status: number) => async () => {
    const answer = await post(running, message);
    return answer.status === status ? answer.text : undefined;
  };
  expect(await eventually('a refusal', answerOf(503))).toBe('more than 2 pushes at once; send it again later\n');
  for (const socket of dawdlers) socket.destroy();
  await eventually('room for a push', answerOf(200));
});

test('a sender that goes away in the middle leaves nothing behind', async () => {
  const running = await start();
  const head =
    'POST /api/v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"run"';
  const socket = await rawConnection(running.url, head);
  socket.destroy();
  expect((await post(running, message)).status).toBe(200);
  expect(running.streams).toHaveLength(1);
});

test('only who has the token may push', async () => {
  const running = await start({ tokenFile });
  expect((await post(running, message)).status).toBe(401);
  expect((await post(running, message, { authorization: 'Bearer sesam' })).status).toBe(401);
  expect(running.streams).toHaveLength(0);
  expect(problems(running)).toEqual({ unauthorized: 2 });
  expect((await post(running, message, { authorization: 'Bearer sesame' })).status).toBe(200);
});

test('a web page may not push where no token is asked for', async () => {
  const running = await start();
  expect((await post(running, message, { origin: 'https://example.org' })).status).toBe(403);
  expect(problems(running)).toEqual({ unauthorized: 1 });
});

test('where no more runs are taken, the sender is told to try again later', async () => {
  const running = await start({ maxRuns: 1 });
  expect((await post(running, message)).status).toBe(200);
  const answer = await post(running, { ...message, run: 'exp2' });
  expect(answer).toEqual({ status: 503, text: 'the limit of runs is reached; raise --runs.max\n' });
  expect((await post(running, message)).status).toBe(200);
});
