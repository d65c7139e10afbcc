import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreateDecoder } from '../../../../../exporters/training/decoders/file-decoder.ts';
import { createSourceLedger } from '../../../../../exporters/training/source-ledger.ts';
import {
  type CommandRunSettings,
  createCommandRun,
} from '../../../../../exporters/training/sources/command/command-run.ts';
import { eventually } from '../../../../support/eventually.ts';
import { createFakeStream } from '../../../../support/fake-journal.ts';
import { fakeTagMap } from '../../../../support/fake-tag-map.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-command-'));
const files = { stdout: join(folder, 'stdout'), stderr: join(folder, 'stderr') };
const now = 1_700_000_000;
let opened: number[] = [];

afterEach(() => {
  for (const fd of opened) closeSync(fd);
  opened = [];
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Takes every line `loss=1.5` and counts the others as problems. */
const createLossDecoder: CreateDecoder = ({ stream, onRecord, onProblem }) => {
  let text = '';
  return {
    push: (bytes) => {
      text += Buffer.from(bytes).toString('latin1');
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const loss = /^loss=(\S+)$/.exec(line)?.[1];
        if (line === 'fault') throw new TypeError('a fault of ours');
        if (loss === undefined) onProblem('bad_record');
        else {
          stream.value('loss', Number(loss), undefined, undefined);
          onRecord(1);
        }
      }
    },
    settle: (readAt) => stream.settle(readAt),
    pendingBytes: () => text.length,
    isDead: () => false,
    save: () => undefined,
  };
};

function start(script: string, settings: Partial<CommandRunSettings> = {}) {
  const descriptors = { stdout: openSync(files.stdout, 'w'), stderr: openSync(files.stderr, 'w') };
  opened.push(descriptors.stdout, descriptors.stderr);
  const fake = createFakeStream();
  const ledger = createSourceLedger();
  const said: string[] = [];
  const command = createCommandRun(
    {
      program: process.execPath,
      args: ['-e', script],
      env: { FOLDER: folder },
      restarts: 0,
      restartDelaySeconds: 0,
      descriptors,
      silenceMs: 200,
      ...settings,
    },
    { createDecoder: createLossDecoder, clock: { now: () => now, monotonic: () => 0 }, say: (line) => said.push(line) },
  );
  const exitCode = command.run({ stream: fake.stream, tags: fakeTagMap, ledger });
  return { ...fake, ...command, ledger, said, exitCode };
}

function output(name: keyof typeof files): string {
  return readFileSync(files[name], 'latin1');
}

/** What the run went through, in words. */
function life({ told }: ReturnType<typeof start>): readonly string[] {
  return told.flatMap((one) => {
    if (one.call === 'enter') return [`${one.phase} ${one.exitCode ?? ''}`.trim()];
    return one.call === 'writerAlive' ? [one.alive ? 'alive' : 'gone'] : [];
  });
}

test('a command that goes well is passed on, read, and told of', async () => {
  const run = start(`
    process.stdout.write('loss=1.5\\nno end');
    process.stderr.write('warning\\n');
  `);
  expect(await run.exitCode).toBe(0);
  expect([output('stdout'), output('stderr')]).toEqual(['loss=1.5\nno end', 'warning\n']);
  expect(run.toldAs('value')[0]?.value).toBe(1.5);
  expect(life(run)).toEqual(['starting', 'alive', 'finished 0', 'gone']);
  expect(run.toldAs('enter').every(({ timeSeconds }) => timeSeconds === now)).toBe(true);
  expect(run.told.at(-1)).toEqual({ call: 'settle', readAtSeconds: now });
  const { bytes, records, problems } = run.ledger.counts();
  expect([bytes.get('command'), records.get('command'), problems.get('command')?.get('bad_record')]).toEqual([
    23, 1, 2,
  ]);
  expect(run.said).toEqual([]);
});

test.each([
  ['process.exit(3)', 3],
  ['process.kill(process.pid, "SIGKILL")', 137],
  ['process.kill(process.pid, "SIGTERM"); setInterval(() => undefined, 1000)', 143],
])('%s', async (script, exitCode) => {
  const run = start(script);
  expect(await run.exitCode).toBe(exitCode);
  expect(life(run)).toEqual(['starting', 'alive', `failed ${exitCode}`, 'gone']);
});

test.each([
  ['no-such-command-here', 127, 'no-such-command-here: there is no such command'],
  ['/', 126, '/: this user may not run it'],
])('%s cannot be started, and is not tried again', async (program, exitCode, text) => {
  const run = start('', { program, args: [], restarts: 3 });
  expect(await run.exitCode).toBe(exitCode);
  expect(life(run)).toEqual(['starting', `failed ${exitCode}`, 'gone']);
  expect(run.said).toEqual([text]);
});

test('a command that fails is started again as often as is asked for', async () => {
  const counter = join(folder, 'tries');
  rmSync(counter, { force: true });
  const run = start(
    `
    const { appendFileSync, readFileSync } = require('node:fs');
    const file = process.env.FOLDER + '/tries';
    appendFileSync(file, 'x');
    console.log('loss=' + readFileSync(file).length);
    process.stdout.write('torn', () => process.exit(readFileSync(file).length === 3 ? 0 : 7));
  `,
    { restarts: 5 },
  );
  expect(await run.exitCode).toBe(0);
  expect(life(run)).toEqual([
    'starting',
    'alive',
    'restarting 7',
    'starting',
    'alive',
    'restarting 7',
    'starting',
    'alive',
    'finished 0',
    'gone',
  ]);
  // The end of one try does not run into the beginning of the next.
  expect(run.toldAs('value').map(({ value }) => value)).toEqual([1, 2, 3]);
  expect(run.said).toEqual([
    'the command ended with exit code 7; it is started again in 0 s (1 of 5)',
    'the command ended with exit code 7; it is started again in 0 s (2 of 5)',
  ]);
});

test('the last failure counts', async () => {
  const run = start('process.exit(4)', { restarts: 1 });
  expect(await run.exitCode).toBe(4);
  expect(life(run).slice(-2)).toEqual(['failed 4', 'gone']);
});

test('whoever wants it to end does not wait for the next start', async () => {
  const run = start('process.exit(4)', { restarts: 1, restartDelaySeconds: 600 });
  await eventually('the failure', () => run.said[0]);
  expect(run.said[0]).toContain('started again in 600 s');
  run.giveUp();
  expect(await run.exitCode).toBe(4);
  expect(life(run)).toEqual(['starting', 'alive', 'restarting 4', 'failed 4', 'gone']);
});

test('signals are passed on, and one that was asked for is not started again', async () => {
  const run = start(
    `
    process.on('SIGUSR1', () => console.log('loss=10'));
    process.on('SIGTERM', () => process.exit(5));
    setInterval(() => undefined, 1000);
    console.log('loss=1');
  `,
    { restarts: 5 },
  );
  await eventually('the first loss', () => run.toldAs('value')[0]);
  run.signal('SIGUSR1');
  await eventually('the second loss', () => run.toldAs('value')[1]);
  run.giveUp();
  run.signal('SIGTERM');
  expect(await run.exitCode).toBe(5);
  run.signal('SIGTERM');
  expect(life(run)).toEqual(['starting', 'alive', 'failed 5', 'gone']);
});

test('a process that outlives the command and holds its outputs is not waited for', async () => {
  const run = start(`
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 60_000)'], { stdio: 'inherit', detached: true });
    console.log('loss=' + child.pid);
    child.unref();
  `);
  expect(await run.exitCode).toBe(0);
  const [{ value: pid = 0 } = {}] = run.toldAs('value');
  // It is still there, and ours to end.
  expect(process.kill(pid, 'SIGKILL')).toBe(true);
});

test('its outputs are pipes that can be opened by name, as scripts do', async () => {
  const run = start('', { program: 'sh', args: ['-c', 'echo loss=1 > /dev/stdout; echo warning > /dev/stderr'] });
  expect(await run.exitCode).toBe(0);
  expect([output('stdout'), output('stderr')]).toEqual(['loss=1\n', 'warning\n']);
});

test('without a folder to make pipes in it is run all the same', async () => {
  const run = start('console.log("loss=1"); process.stderr.write("warning\\n")', { pipeFolder: join(folder, 'none') });
  expect(await run.exitCode).toBe(0);
  expect([output('stdout'), output('stderr')]).toEqual(['loss=1\n', 'warning\n']);
});

test('a fault in the reading ends the reading, not the training', async () => {
  const run = start(`
    console.log('loss=1');
    console.log('fault');
    setTimeout(() => console.log('loss=2'), 100);
  `);
  expect(await run.exitCode).toBe(0);
  expect(run.toldAs('value').map(({ value }) => value)).toEqual([1]);
  expect(output('stdout')).toBe('loss=1\nfault\nloss=2\n');
  expect(life(run)).toEqual(['starting', 'alive', 'finished 0', 'gone']);
  expect(run.said).toEqual(['what the command writes is no longer read: a fault of ours']);
});

test('without anybody to tell it is run all the same', async () => {
  const command = createCommandRun(
    { program: process.execPath, args: ['-e', 'process.exit(6)'], env: {}, restarts: 0, restartDelaySeconds: 0 },
    { createDecoder: createLossDecoder, clock: { now: () => now, monotonic: () => 0 }, say: () => undefined },
  );
  expect(await command.run(undefined)).toBe(6);
});
