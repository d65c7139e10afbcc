import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLoopProfiler } from '../../../../exporters/training/client/loop-profiler.ts';
import {
  createTrainingClient,
  type TrainingClient,
  type TrainingClientSettings,
} from '../../../../exporters/training/client/training-client.ts';
import { eventually } from '../../../support/eventually.ts';
import { freePort } from '../../../support/free-port.ts';
import { type PushReceiver, startPushReceiver } from '../../../support/push-receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-client-'));
const receivers: PushReceiver[] = [];
const clients: TrainingClient[] = [];

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function receive(settings?: Parameters<typeof startPushReceiver>[0]): Promise<PushReceiver> {
  const receiver = await startPushReceiver(settings);
  receivers.push(receiver);
  return receiver;
}

function connect(url: string, settings: Partial<TrainingClientSettings> = {}) {
  const trouble: string[] = [];
  const client = createTrainingClient({
    run: 'exp1',
    url,
    flushSeconds: 0.02,
    onTrouble: (text) => trouble.push(text),
    ...settings,
  });
  clients.push(client);
  return { client, trouble };
}

const now = Math.floor(Date.now() / 1000);

test('all that a client tells reaches the journal of the exporter, in order', async () => {
  const receiver = await receive();
  const place = { jobId: '77', host: 'node1', namespace: 'ml', pod: 'p-0' };
  const { client, trouble } = connect(receiver.url, { ...place, framework: 'nemo', now: () => now, rank: 3 });
  client.enter('starting');
  client.log(1, { loss: Number.NaN, learning_rate: 0.1, accuracy: undefined, 'my/tag': 3 });
  client.log(Number.NaN, { loss: 2 });
  client.phase('model_forward', 0.5, { step: 2, memoryDeltaBytes: 10 });
  client.checkpoint(2);
  client.finish(3);
  await client.close();
  const { identity, told } = receiver.only('push');
  expect(identity).toMatchObject({ key: 'push:77:exp1', host: 'node1', namespace: 'ml', pod: 'p-0' });
  const moment = { step: undefined, timeSeconds: now };
  expect(told).toEqual([
    { call: 'framework', name: 'nemo' },
    { call: 'enter', phase: 'starting', exitCode: undefined, ...moment },
    { call: 'value', quantity: 'loss', value: Number.NaN, ...moment, step: 1 },
    { call: 'value', quantity: 'learning_rate', value: 0.1, ...moment, step: 1 },
    { call: 'scalar', tag: 'my/tag', value: 3 },
    { call: 'value', quantity: 'loss', value: 2, ...moment },
    { call: 'phaseTime', phase: 'forward', seconds: 0.5, rank: 3, memoryDeltaBytes: 10, ...moment, step: 2 },
    { call: 'checkpoint', outcome: 'complete', ...moment, step: 2 },
    { call: 'enter', phase: 'failed', exitCode: 3, ...moment },
    { call: 'settle', readAtSeconds: expect.any(Number) },
  ]);
  expect(trouble).toEqual([]);
});

test('it sends by itself, and the phases of a profiler with it', async () => {
  const receiver = await receive();
  const profiler = createLoopProfiler({ memory: false });
  connect(receiver.url, { profiler });
  profiler.phase('forward', () => undefined);
  await eventually('the phase', () => receiver.streams[0]?.toldAs('phaseTime')[0]);
  expect(receiver.only('push').toldAs('framework')[0]?.name).toBe('custom');
});

test('an exporter that is away is told of once, and gets what was kept when it comes', async () => {
  const port = await freePort();
  const { client, trouble } = connect(`http://127.0.0.1:${port}`);
  client.log(1, { loss: 1 });
  expect(await client.flush()).toBe(false);
  client.log(2, { loss: 2 });
  expect(await client.flush()).toBe(false);
  expect(trouble).toEqual([
    `nothing can be pushed to http://127.0.0.1:${port}, which is tried again: connect ECONNREFUSED 127.0.0.1:${port}`,
  ]);
  const receiver = await receive({ port });
  expect(await client.flush()).toBe(true);
  expect(
    receiver
      .only('push')
      .toldAs('value')
      .map(({ value }) => value),
  ).toEqual([1, 2]);
  expect(client.dropped()).toBe(0);
});

test('where no more runs are taken it is tried again', async () => {
  const receiver = await receive({ maxRuns: 0 });
  const { client, trouble } = connect(receiver.url);
  client.log(1, { loss: 1 });
  expect(await client.flush()).toBe(false);
  expect(trouble[0]).toContain('status 503: the limit of runs is reached');
});

test('one bad record does not take the others with it, and is named once', async () => {
  const receiver = await receive();
  const { client, trouble } = connect(receiver.url);
  client.log(1, { loss: 1 });
  client.record({ step: -5 });
  client.log(2, { loss: 2 });
  client.record({ step: -6 });
  expect(await client.flush()).toBe(true);
  expect(
    receiver
      .only('push')
      .toldAs('value')
      .map(({ value }) => value),
  ).toEqual([1, 2]);
  expect(trouble).toEqual([
    'the exporter refuses what is pushed: records[1].step must be a whole number from 0, got -5',
  ]);
  expect(client.dropped()).toBe(2);
});

test('names that nobody knows are told once', async () => {
  const receiver = await receive();
  const { client, trouble } = connect(receiver.url);
  client.log(1, { lossy: 1 });
  await client.flush();
  client.log(2, { lossy: 2 });
  await client.flush();
  expect(trouble).toEqual(['the exporter does not show these, because the mapping does not allow them: lossy']);
});

test('the token is asked for each time', async () => {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'first');
  const receiver = await receive({ tokenFile });
  const { client, trouble } = connect(receiver.url, { token: () => readFileSync(tokenFile, 'utf8') });
  client.log(1, { loss: 1 });
  await client.flush();
  writeFileSync(tokenFile, 'second');
  client.log(2, { loss: 2 });
  await client.flush();
  expect(receiver.only('push').toldAs('value')).toHaveLength(2);
  expect(trouble).toEqual([]);
  const stranger = connect(receiver.url, { token: 'wrong' });
  stranger.client.log(1, { loss: 1 });
  await stranger.client.flush();
  expect(stranger.trouble).toEqual(['the exporter refuses what is pushed: a bearer token is needed']);
});

test('a token that cannot be read, a URL that is none and a fetch that throws disturb nobody', async () => {
  for (const settings of [
    {
      token: () => {
        throw new Error('no such file');
      },
    },
    { url: 'nowhere' },
    {
      fetch: () => {
        throw new Error('no network');
      },
    },
  ]) {
    const { client, trouble } = connect('http://127.0.0.1:9', settings);
    client.log(1, { loss: 1 });
    expect(await client.flush()).toBe(false);
    expect(trouble).toHaveLength(1);
  }
});

test('an exporter that does not answer holds nobody up at the end', async () => {
  const hanging: typeof fetch = (_url, init) =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
  const { client, trouble } = connect('http://127.0.0.1:9', { fetch: hanging, closeSeconds: 0.05 });
  client.log(1, { loss: 1 });
  await client.close();
  client.log(2, { loss: 2 });
  expect(trouble).toEqual([expect.stringContaining('it does not answer in time')]);
});
