import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSourceLedger } from '../../../../exporters/training/source-ledger.ts';
import { startUdpPush } from '../../../../exporters/training/sources/push/udp-push.ts';
import { systemClock } from '../../../../kit/clock.ts';
import { createLog } from '../../../../kit/log.ts';
import { type RunningChild, startChild } from '../../../support/child-process.ts';
import { eventually } from '../../../support/eventually.ts';
import { createFakeJournal } from '../../../support/fake-journal.ts';
import { fakeTagMap } from '../../../support/fake-tag-map.ts';
import { freePort } from '../../../support/free-port.ts';
import { type PushReceiver, startPushReceiver } from '../../../support/push-receiver.ts';

const clientFolder = join(import.meta.dirname, '..', '..', '..', '..', 'exporters', 'training', 'client', 'python');
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-python-'));
const receivers: PushReceiver[] = [];
const children: RunningChild[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop()));
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function receive(settings?: Parameters<typeof startPushReceiver>[0]): Promise<PushReceiver> {
  const receiver = await startPushReceiver(settings);
  receivers.push(receiver);
  return receiver;
}

/** Starts Python with the client imported, in an environment that says nothing of jobs and ranks. */
function python(lines: readonly string[], env: Readonly<Record<string, string>> = {}): RunningChild {
  const script = ['import os, sys', 'from fleetlens_training import Run, udp', ...lines].join('\n');
  const child = startChild({
    program: 'python3',
    args: ['-B', '-c', script],
    env: { PATH: process.env['PATH'] ?? '', PYTHONPATH: clientFolder, ...env },
  });
  children.push(child);
  return child;
}

async function ended(child: RunningChild): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const status = await child.ended;
  if (status !== 0) throw new Error(`python3 ended with ${status}: ${child.stderr()}`);
  return { stdout: child.stdout(), stderr: child.stderr() };
}

test('all that a loop tells reaches the journal of the exporter, in order', async () => {
  const receiver = await receive();
  const lines = [
    `with Run("exp1", url="${receiver.url}/") as run:`,
    '    run.enter("starting")',
    '    with run.phase("model_forward", step=7):',
    '        loss = float("nan")',
    '    run.log(7, loss=loss, learning_rate=1e-4, accuracy=None, **{"my/tag": 3})',
    '    run.phase_seconds("backward", 0.25)',
    '    run.checkpoint(7)',
    '    run.checkpoint(8, "failed")',
  ];
  const before = Date.now() / 1000;
  const proxy = { http_proxy: 'http://192.0.2.1:9' };
  const place = { SLURM_JOB_ID: '77', POD_NAME: 'p-0', POD_NAMESPACE: 'ml' };
  const { stderr } = await ended(python(lines, { ...proxy, ...place }));
  expect(stderr).toBe('');
  const { identity, told } = receiver.only('push');
  expect(identity).toMatchObject({ key: 'push:77:exp1', run: 'exp1', jobId: '77', pod: 'p-0', namespace: 'ml' });
  expect(identity.host).not.toBe('');
  const timeSeconds = expect.any(Number);
  const moment = { step: 7, timeSeconds };
  expect(told.filter(({ call }) => call !== 'framework' && call !== 'settle')).toEqual([
    { call: 'enter', phase: 'starting', step: undefined, timeSeconds },
    { call: 'phaseTime', phase: 'forward', seconds: expect.any(Number), ...moment },
    { call: 'value', quantity: 'loss', value: Number.NaN, ...moment },
    { call: 'value', quantity: 'learning_rate', value: 1e-4, ...moment },
    { call: 'scalar', tag: 'my/tag', value: 3 },
    { call: 'phaseTime', phase: 'backward', seconds: 0.25, step: undefined, timeSeconds },
    { call: 'checkpoint', outcome: 'complete', ...moment },
    { call: 'checkpoint', outcome: 'failed', step: 8, timeSeconds },
    { call: 'enter', phase: 'finished', exitCode: 0, step: undefined, timeSeconds },
  ]);
  const [loss] = receiver.only('push').toldAs('value');
  expect(loss?.timeSeconds).toBeGreaterThanOrEqual(before - 1);
});

test('it sends by itself while the loop goes on', async () => {
  const receiver = await receive();
  const child = python([
    `run = Run("exp1", url="${receiver.url}", interval=0.02)`,
    'run.log(1, loss=1)',
    'import time; time.sleep(30)',
  ]);
  await eventually('the loss', () => receiver.streams[0]?.toldAs('value')[0]);
  expect(child.end()).toBeUndefined();
});

test('a loop that fails tells so', async () => {
  const receiver = await receive();
  const child = python([`with Run("exp1", url="${receiver.url}"):`, '    raise ValueError("out of data")']);
  expect(await child.ended).toBe(1);
  expect(child.stderr()).toContain('ValueError: out of data');
  expect(receiver.only('push').toldAs('enter')[0]).toMatchObject({ phase: 'failed', exitCode: 1 });
});

test('an exporter that is away is told of once, and gets what was kept when it comes', async () => {
  const port = await freePort();
  const child = python([
    'import time',
    `run = Run("exp1", url="http://127.0.0.1:${port}", interval=0.02, max_records=3)`,
    'for step in range(5): run.log(step, loss=step)',
    'print(run.flush(), run.dropped, flush=True)',
    'while not run.flush(): time.sleep(0.02)',
  ]);
  await eventually('the first try', () => (child.stdout().includes('\n') ? true : undefined));
  const receiver = await receive({ port });
  const { stdout, stderr } = await ended(child);
  expect(stdout).toBe('False 2\n');
  expect(stderr).toMatch(/^nothing can be sent to .* which is tried again: .*refused.*\n$/);
  expect(
    receiver
      .only('push')
      .toldAs('value')
      .map(({ value }) => value),
  ).toEqual([2, 3, 4]);
});

test('an exporter that does not answer does not keep the process from ending', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { stdout } = await ended(
    python([
      'import time',
      `run = Run("exp1", url="http://127.0.0.1:${port}", interval=0.01)`,
      'run.log(1, loss=1)',
      'time.sleep(0.1)',
      'run.finish()',
      'print("over")',
    ]),
  );
  expect(stdout).toBe('over\n');
});

test('an end without finish sends what there is', async () => {
  const receiver = await receive();
  await ended(python([`run = Run("exp1", url="${receiver.url}", interval=60)`, 'run.log(1, loss=1)']));
  expect(receiver.only('push').toldAs('value')).toHaveLength(1);
});

test('other ranks are silent, or tell their phases if they are asked to', async () => {
  const receiver = await receive();
  const lines = (more: string) => [
    `run = Run("exp1", url="${receiver.url}"${more})`,
    'run.log(1, loss=1); run.checkpoint(1); run.phase_seconds("forward", 0.5); run.finish()',
  ];
  await ended(python(lines(''), { RANK: '1' }));
  expect(receiver.streams).toHaveLength(0);
  await ended(python(lines(', all_ranks=True'), { SLURM_PROCID: '3' }));
  const others = receiver.only('push').told.filter(({ call }) => call !== 'framework' && call !== 'settle');
  expect(others).toEqual([expect.objectContaining({ call: 'phaseTime', phase: 'forward', rank: 3 })]);
  receiver.only('push').forget();
  await ended(python(lines(', rank=0')));
  expect(receiver.only('push').toldAs('value')).toHaveLength(1);
  expect(receiver.only('push').toldAs('phaseTime')[0]?.rank).toBeUndefined();
});

test('the token is read from its file; a wrong one is told of once', async () => {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'sesame\n');
  const receiver = await receive({ tokenFile });
  const lines = (more: string) => [
    `run = Run("exp1", url="${receiver.url}"${more})`,
    'for step in range(3): run.log(step, loss=1); run.flush()',
    'print(run.dropped)',
  ];
  const stranger = await ended(python(lines('')));
  expect(stranger.stdout).toBe('3\n');
  expect(stranger.stderr).toBe('the exporter refuses what is sent: a bearer token is needed\n');
  const friend = await ended(python(lines(`, token_file="${tokenFile}"`)));
  expect(friend).toEqual({ stdout: '0\n', stderr: '' });
  expect(receiver.only('push').toldAs('value')).toHaveLength(3);
  const forgetful = await ended(python(lines(`, token_file="${folder}/none"`)));
  expect(forgetful.stderr).toContain('No such file');
});

test('what makes no sense disturbs neither the loop nor the other records', async () => {
  const receiver = await receive();
  const { stdout, stderr } = await ended(
    python([
      `run = Run("exp1", url="${receiver.url}", interval=60)`,
      'run.log(1, loss="high")',
      'run.log(object(), loss=1)',
      'run.log(-1, loss=2)',
      'run.enter("sleeping")',
      'run.checkpoint(10**30)',
      'run.log(3, loss=3, lossy=4)',
      'run.phase_seconds("x" * 100, 1)',
      'run.flush()',
      'print(run.dropped)',
    ]),
  );
  expect(
    receiver
      .only('push')
      .toldAs('value')
      .map(({ value }) => value),
  ).toEqual([2, 3]);
  expect(stdout).toBe('5\n');
  expect(stderr).toContain('left out what cannot be sent: could not convert string to float');
  expect(stderr).toContain('the exporter refuses what is sent: records[1].enter must be one of');
  expect(stderr).toContain('the exporter does not show lossy, because its mapping does not allow it');
});

test('a fork, such as a worker that loads data, stays silent', async () => {
  const receiver = await receive();
  await ended(
    python([
      'import time',
      `run = Run("exp1", url="${receiver.url}", interval=0.01)`,
      'if os.fork() == 0:',
      '    run.log(2, loss=2)',
      '    time.sleep(0.2)',
      '    run.finish()',
      '    sys.exit(0)',
      'os.wait()',
      'run.log(1, loss=1)',
    ]),
  );
  expect(receiver.only('push').toldAs('value')).toHaveLength(1);
  expect(receiver.only('push').toldAs('enter')).toHaveLength(0);
});

test('one line of udp is understood by the exporter', async () => {
  const { journal, only } = createFakeJournal();
  const log = createLog({ level: 'error', format: 'logfmt', daemon: 'training', write: () => undefined });
  const ledger = createSourceLedger();
  const address = { host: '127.0.0.1', port: 0 };
  const push = await startUdpPush({ address, journal, ledger, tags: fakeTagMap, clock: systemClock, log });
  try {
    await ended(
      python([
        `there = ("127.0.0.1", ${push.port})`,
        'udp("training.loss", float("nan"), address=there, run="exp1", step=100)',
        'udp("training.phase.forward", 12, "ms", address=there)',
        'udp("training.loss", "high", address=there)',
        'udp("training.loss", 1, address=("127.0.0.1", 0))',
      ]),
    );
    await eventually('both datagrams', () => (ledger.counts().records.get('push') === 2 ? true : undefined));
    expect(only('push', 'exp1').toldAs('value')[0]).toMatchObject({ quantity: 'loss', value: Number.NaN, step: 100 });
    expect(only('push', 'default').toldAs('phaseTime')[0]).toMatchObject({ phase: 'forward', seconds: 0.012 });
  } finally {
    await push.stop();
  }
});
