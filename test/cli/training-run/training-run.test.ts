import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ended, endCliProcesses, runCli, sampleValue, scrape, startCli } from '../../support/cli.ts';
import { buildDist } from '../../support/dist.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import { type PushReceiver, startPushReceiver } from '../../support/push-receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-run-'));
const receivers: PushReceiver[] = [];
/** No job, rank or pod of whoever runs the tests. */
const env = Object.fromEntries(
  [
    'RANK',
    'LOCAL_RANK',
    'SLURM_PROCID',
    'SLURM_LOCALID',
    'SLURM_JOB_ID',
    'PBS_JOBID',
    'LSB_JOBID',
    'JOB_ID',
    'POD_NAME',
    'PYTHONUNBUFFERED',
  ].map((name) => [name, '']),
);

afterEach(async () => {
  await endCliProcesses();
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function receive(settings?: Parameters<typeof startPushReceiver>[0]): Promise<PushReceiver> {
  const receiver = await startPushReceiver(settings);
  receivers.push(receiver);
  return receiver;
}

function wrapped(args: readonly string[], script: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runCli(['training', 'run', ...args, '--', process.execPath, '-e', script], { env: { ...env, ...more } });
}

const hfLine = (loss: number) =>
  `console.log("{'loss': ${loss}, 'grad_norm': 1.0, 'learning_rate': 0.0001, 'epoch': 0.1}")`;

test('help tells of both kinds of options, also where the command has a help of its own', async () => {
  const { status, stdout } = await runCli(['training', 'run', '--help', '--', 'python']);
  expect(status).toBe(0);
  for (const text of ['-- python train.py', '--restarts=0', '--push.url=', '--runs.paths=LIST'])
    expect(stdout).toContain(text);
  const own = await wrapped(['--push.url=http://127.0.0.1:9'], 'console.log(process.argv.includes("--help"))');
  expect(own.stdout).toBe('false\n');
});

test.each([
  [
    [],
    'fleetlens training run: the command is missing; give it after --, such as fleetlens training run -- python train.py\n',
  ],
  [['--restarts=x', '--', 'true'], '--restarts must be a whole number from 0 to 1000, got "x"\n'],
  [
    ['--push.url=ftp://x', '--', 'true'],
    '--push.url must be an http or https URL such as http://127.0.0.1:9410, got "ftp://x"\n',
  ],
  [['--push.url=http://x', '--push.token-file=/none', '--', 'true'], '--push.token-file cannot be read: ENOENT'],
  [['--mapping.file=/none', '--', 'true'], '--mapping.file cannot be read'],
  [['--run=', '--', 'true'], '--run must be a text that is not empty'],
])('%j is one line and exit status 2', async (args, text) => {
  const { status, stdout, stderr } = await runCli(['training', 'run', ...args], { env });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(text);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('what is printed is pushed, with the job of the scheduler', async () => {
  const receiver = await receive();
  const script = `process.stderr.write('\\r 10%|#| 7/18 [00:01<00:02]'); ${hfLine(1.5)}; process.exitCode = 3`;
  const ended = await wrapped([`--push.url=${receiver.url}`, '--run=exp1'], script, { SLURM_JOB_ID: '77' });
  expect(ended).toEqual({
    status: 3,
    stdout: "{'loss': 1.5, 'grad_norm': 1.0, 'learning_rate': 0.0001, 'epoch': 0.1}\n",
    stderr: '\r 10%|#| 7/18 [00:01<00:02]',
  });
  const { identity, toldAs } = receiver.only('push');
  expect(identity).toMatchObject({ key: 'push:77:exp1', run: 'exp1', jobId: '77' });
  expect(toldAs('framework').at(-1)?.name).toBe('huggingface');
  expect(toldAs('value').find(({ quantity }) => quantity === 'loss')).toMatchObject({ value: 1.5, step: 7 });
  expect(toldAs('enter').map(({ phase, exitCode }) => [phase, exitCode])).toEqual([
    ['starting', undefined],
    ['failed', 3],
  ]);
  expect(toldAs('writerAlive').map(({ alive }) => alive)).toEqual([true, false]);
});

test('a second rank tells only its phases, unless it is asked for all', async () => {
  const receiver = await receive();
  await wrapped([`--push.url=${receiver.url}`], hfLine(1.5), { RANK: '1' });
  expect(
    receiver.streams.flatMap(({ told }) => told).filter(({ call }) => call === 'value' || call === 'enter'),
  ).toEqual([]);
  await wrapped([`--push.url=${receiver.url}`, '--all-ranks'], hfLine(1.5), { RANK: '1' });
  expect(receiver.only('push').toldAs('value').length).toBeGreaterThan(0);
});

test('an exporter that is away is told of once and does not disturb the training', async () => {
  const port = await freePort();
  const { status, stdout, stderr } = await wrapped(
    [`--push.url=http://127.0.0.1:${port}`],
    `${hfLine(1.5)}; setTimeout(() => { ${hfLine(1.25)} }, 1500)`,
  );
  expect(status).toBe(0);
  expect(stdout).toContain("'loss': 1.25");
  expect(stderr).toBe(
    `fleetlens training run: nothing can be pushed to http://127.0.0.1:${port}, which is tried again: connect ECONNREFUSED 127.0.0.1:${port}\n`,
  );
});

test('an exporter that comes later gets what was kept', async () => {
  const port = await freePort();
  const gate = join(folder, 'gate');
  const child = await startCli(
    [
      'training',
      'run',
      `--push.url=http://127.0.0.1:${port}`,
      '--',
      process.execPath,
      '-e',
      `${hfLine(1.5)}; const timer = setInterval(() => { if (require('node:fs').existsSync('${gate}')) clearInterval(timer) }, 20)`,
    ],
    { env },
  );
  await eventually('the first try', () => (child.stderr().includes('tried again') ? true : undefined));
  const receiver = await receive({ port });
  writeFileSync(gate, '');
  expect(await child.ended).toBe(0);
  expect(receiver.only('push').toldAs('value')[0]).toMatchObject({ quantity: 'loss', value: 1.5 });
  expect(
    receiver
      .only('push')
      .toldAs('enter')
      .map(({ phase }) => phase),
  ).toEqual(['starting', 'finished']);
});

test('50 MB of any bytes come out as they went in, on both outputs, however slow the reader is', async () => {
  const megabytes = 50;
  // Bytes of a generator, so that both sides can tell them: without any structure, line ends and bad UTF-8 included.
  const script = `
    const { createHash } = require('node:crypto');
    const { writeSync } = require('node:fs');
    const write = (fd, bytes) => { for (let at = 0; at < bytes.length; ) { try { at += writeSync(fd, bytes, at); } catch (error) { if (error.code !== 'EAGAIN') throw error; } } };
    for (let piece = 0; piece < ${megabytes * 16}; piece++) {
      const block = createHash('sha256').update('block ' + piece).digest();
      write(1 + piece % 2, Buffer.concat(Array(2048).fill(block)));
    }`;
  const expected = [createHash('sha256'), createHash('sha256')];
  for (let piece = 0; piece < megabytes * 16; piece++) {
    const block = createHash('sha256').update(`block ${piece}`).digest();
    expected[piece % 2]?.update(Buffer.concat(Array(2048).fill(block)));
  }
  const { url } = await receive();
  const main = join(await buildDist(), 'cli', 'main.js');
  const child = spawn(
    process.execPath,
    [main, 'training', 'run', `--push.url=${url}`, '--', process.execPath, '-e', script],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  const hashes = [createHash('sha256'), createHash('sha256')];
  const read = async (from: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash> | undefined): Promise<void> => {
    let pieces = 0;
    for await (const bytes of from) {
      if (pieces++ % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      hash?.update(bytes);
    }
  };
  const status = new Promise((resolve) => child.once('close', resolve));
  await Promise.all([read(child.stdout, hashes[0]), read(child.stderr, hashes[1])]);
  expect(await status).toBe(0);
  expect(hashes.map((hash) => hash.digest('hex'))).toEqual(expected.map((hash) => hash.digest('hex')));
});

test('a reader that goes away ends the command as it would without us', async () => {
  const main = join(await buildDist(), 'cli', 'main.js');
  const child = spawn(process.execPath, [main, 'training', 'run', '--push.url=http://127.0.0.1:9', '--', 'yes'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  child.stdout.once('data', () => child.stdout.destroy());
  // 128 and SIGPIPE.
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(141);
});

test('standard input is that of the command', async () => {
  const file = join(folder, 'input');
  writeFileSync(file, 'loss of sleep\n');
  const main = join(await buildDist(), 'cli', 'main.js');
  const input = openSync(file, 'r');
  const child = spawn(process.execPath, [main, 'training', 'run', '--push.url=http://127.0.0.1:9', '--', 'cat'], {
    stdio: [input, 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  closeSync(input);
  let text = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  expect(text).toBe(readFileSync(file, 'utf8'));
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)(
  '%s reaches the command, which ends as it likes',
  async (signal) => {
    const script = `process.on('${signal}', () => { console.log('got it'); process.exit(9) }); setInterval(() => undefined, 1000); console.log('ready')`;
    const child = await startCli(
      [
        'training',
        'run',
        '--push.url=http://127.0.0.1:9',
        '--restarts=3',
        '--restart-delay=0s',
        '--',
        process.execPath,
        '-e',
        script,
      ],
      { env },
    );
    await eventually('the command to run', () => (child.stdout().includes('ready') ? true : undefined));
    child.kill(signal);
    if (signal.startsWith('SIGUSR')) {
      // Not one that asks for an end: the command has failed by itself, and is started again.
      await eventually('the next start', () => (child.stdout().endsWith('got it\nready\n') ? true : undefined));
      child.kill('SIGTERM');
      expect(await child.ended).toBe(143);
    } else {
      expect(await child.ended).toBe(9);
      expect(child.stdout()).toBe('ready\ngot it\n');
    }
  },
);

test('Python does not hold back what it prints, and the environment is that of the caller', async () => {
  const script = 'import os; print(os.environ["PYTHONUNBUFFERED"], os.environ["ANSWER"])';
  const args = ['training', 'run', '--push.url=http://127.0.0.1:9', '--', 'python3', '-c', script];
  const { PYTHONUNBUFFERED: _, ...others } = env;
  expect((await runCli(args, { env: { ...others, ANSWER: '42' } })).stdout).toMatch(/^\S+ 42\n$/);
  expect((await runCli(args, { env: { ...others, ANSWER: '42', PYTHONUNBUFFERED: '2' } })).stdout).toBe('2 42\n');
});

test('without an exporter to push to the metrics are served until the end was scraped', async () => {
  const port = await freePort();
  const child = await startCli(
    [
      'training',
      'run',
      `--web.listen-address=127.0.0.1:${port}`,
      '--no-push.udp',
      '--run=exp1',
      '--restarts=1',
      '--restart-delay=0s',
      '--linger=1h',
      '--',
      process.execPath,
      '-e',
      `${hfLine(1.5)}; process.exitCode = 4`,
    ],
    { env },
  );
  const labels = '{run="exp1",job_id="",framework="huggingface"}';
  const metrics = await eventually('the end', async () => {
    if (child.end() !== undefined) throw new Error(`it ended with ${child.end()}: ${child.stderr()}`);
    const text = await scrape(`http://127.0.0.1:${port}`).catch(() => '');
    return sampleValue(text, `training_exit_code${labels}`) === 4 && text.includes('phase="failed"} 1')
      ? text
      : undefined;
  });
  expect(sampleValue(metrics, `training_loss${labels}`)).toBe(1.5);
  expect(sampleValue(metrics, `training_restarts_total${labels}`)).toBe(1);
  expect(sampleValue(metrics, `training_run_alive${labels}`)).toBe(0);
  expect(metrics).toContain('source="command"');
  child.kill('SIGTERM');
  expect(await child.ended).toBe(4);
  expect(child.stderr()).toBe(
    'fleetlens training run: the command ended with exit code 4; it is started again in 0 s (1 of 1)\n',
  );
});

test('an address that is taken is said before the command is started', async () => {
  const receiver = await receive();
  const { status, stdout, stderr } = await wrapped(
    [`--web.listen-address=127.0.0.1:${new URL(receiver.url).port}`, '--no-push.udp'],
    'console.log("started")',
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('is in use by another process');
});

test('of several ranks on one machine only the first listens, and the others run all the same', async () => {
  const receiver = await receive();
  const ended = await wrapped(
    [`--web.listen-address=127.0.0.1:${new URL(receiver.url).port}`],
    'console.log("started")',
    { LOCAL_RANK: '1' },
  );
  expect(ended).toEqual({ status: 0, stdout: 'started\n', stderr: '' });
});
