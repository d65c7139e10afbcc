import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  endCliProcesses,
  type RunningDaemon,
  runCli,
  sampleValue,
  scrape,
  startDaemonProcess,
} from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { parseExposition } from '../support/exposition.ts';
import { encodeEvent, eventFile, versionEvent } from '../support/tfevents-writer.ts';
import { tool } from '../support/tools.ts';

/** The compiled exporter over real files that are written, torn and replaced under it. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-training-'));
});
afterEach(async () => {
  await endCliProcesses();
  rmSync(folder, { recursive: true, force: true });
});

const labels = 'run="llm",job_id="",framework="unknown"';
const began = Math.floor(Date.now() / 1000) - 3600;

function start(...args: readonly string[]): Promise<RunningDaemon> {
  return startDaemonProcess([
    'training',
    `--runs.paths=${folder}/runs/*`,
    '--no-push.udp',
    '--files.poll-interval=200ms',
    '--files.discovery-interval=1s',
    ...args,
  ]);
}

function write(path: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  appendFileSync(join(folder, path), bytes);
}

const events = 'runs/llm/events.out.tfevents.1.host.1.0';

function steps(first: number, last: number): Buffer {
  const records = Array.from({ length: last - first + 1 }, (_, index) => {
    const step = first + index;
    const values = [
      { tag: 'loss', value: 2 },
      { tag: 'my "score"\\\n', value: step },
    ];
    return encodeEvent({ wallTime: began + step, step, values });
  });
  return eventFile(first === 1 ? [versionEvent(began), ...records] : records);
}

function untilValue({ url }: RunningDaemon, series: string, value: number): Promise<string> {
  return eventually(`${series} ${value}`, async () => {
    const text = await scrape(url);
    return sampleValue(text, series) === value ? text : undefined;
  });
}

test('an event file that is written byte by byte is read as a whole', async () => {
  const daemon = await start();
  const bytes = steps(1, 40);
  for (let at = 0; at < bytes.length; at += 97) {
    write(events, bytes.subarray(at, at + 97));
    if (at % 970 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const text = await untilValue(daemon, `training_step{${labels}}`, 40);
  expect(sampleValue(text, `training_steps_total{${labels}}`)).toBe(40);
  expect(text).not.toContain('training_source_errors_total');
});

test('kill -9 loses nothing, and a restart goes on from the state file', async () => {
  const state = `--state.file=${join(folder, 'state.json')}`;
  write(events, steps(1, 100));
  const first = await start(state);
  await untilValue(first, `training_steps_total{${labels}}`, 100);
  first.child.kill('SIGKILL');
  await first.child.ended;
  write(events, steps(101, 120));
  const second = await start(state);
  await untilValue(second, `training_steps_total{${labels}}`, 120);
  await second.child.stop();
  // The rest of a record comes while nobody reads.
  const bytes = steps(121, 140);
  write(events, bytes.subarray(0, 300));
  const third = await start(state);
  const text = await untilValue(third, 'training_source_unread_bytes{source="event_files"}', 0);
  // What was counted is still there, and was not read again.
  expect(sampleValue(text, 'training_source_read_bytes_total{source="event_files"}')).toBeLessThan(400);
  expect(sampleValue(text, `training_steps_total{${labels}}`)).toBeGreaterThan(120);
  write(events, bytes.subarray(300));
  await untilValue(third, `training_steps_total{${labels}}`, 140);
});

test('a damaged record costs itself, and a file that is replaced is read anew', async () => {
  const daemon = await start();
  const bytes = steps(1, 30);
  bytes[200] = (bytes[200] ?? 0) ^ 0xff;
  write(events, bytes);
  const text = await untilValue(daemon, `training_step{${labels}}`, 30);
  expect(sampleValue(text, 'training_source_errors_total{source="event_files",reason="bad_crc"}')).toBe(1);
  writeFileSync(join(folder, events), steps(1, 5));
  write('runs/llm/other.log', 'a line of no interest\n');
  await eventually('the new file', async () => {
    const now = await scrape(daemon.url);
    return sampleValue(now, `training_rollbacks_total{${labels}}`) === undefined ? undefined : now;
  });
  write(events, steps(6, 45));
  await untilValue(daemon, `training_step{${labels}}`, 45);
});

test('a mapping file that is changed counts after SIGHUP, and a bad one is refused with its place', async () => {
  const mapping = join(folder, 'mapping.yaml');
  writeFileSync(mapping, 'scalars: []\n');
  const daemon = await start(`--mapping.file=${mapping}`);
  write(events, steps(1, 10));
  const before = await untilValue(daemon, `training_step{${labels}}`, 10);
  expect(before).not.toContain('training_scalar{');
  writeFileSync(mapping, 'scalars:\n  - my*\n');
  daemon.child.kill('SIGHUP');
  await eventually('the reload', () => (daemon.child.stderr().includes('configuration reloaded') ? true : undefined));
  write(events, steps(11, 20));
  await untilValue(daemon, String.raw`training_scalar{${labels},tag="my \"score\"\\\n"}`, 20);
  writeFileSync(mapping, 'tags:\n  - { tag: x, as: los }\n');
  daemon.child.kill('SIGHUP');
  await untilValue(daemon, 'fleetlens_config_last_reload_successful', 0);
  expect(daemon.child.stderr()).toMatch(/mapping\.yaml.*los.*did you mean.*loss/);
  write(events, steps(21, 22));
  await untilValue(daemon, `training_step{${labels}}`, 22);
});

test('what it says is valid in both formats, and promtool has no complaint', async () => {
  const daemon = await start('--mapping.file', mappingFor('my*'));
  write(events, steps(1, 10));
  const text = await untilValue(daemon, `training_step{${labels}}`, 10);
  parseExposition('text', text);
  parseExposition('openmetrics', await scrape(daemon.url, { accept: 'application/openmetrics-text;version=1.0.0' }));
  execFileSync(tool('promtool'), ['check', 'metrics'], { input: text, stdio: 'pipe' });
});

function mappingFor(pattern: string): string {
  const file = join(folder, 'mapping.yaml');
  writeFileSync(file, `scalars: ["${pattern}"]\n`);
  return file;
}

test('runs that are pushed and runs from files stand side by side; a push needs the token', async () => {
  const token = join(folder, 'token');
  writeFileSync(token, 'secret\n');
  const daemon = await start(`--push.token-file=${token}`);
  const push = (headers: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(`${daemon.url}/api/v1/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ run: 'mine', job_id: '7', records: [{ step: 3, values: { loss: 1.5 } }] }),
    });
  expect((await push({})).status).toBe(401);
  expect((await push({ authorization: 'Bearer secret' })).status).toBe(200);
  write(events, steps(1, 3));
  const text = await untilValue(daemon, `training_step{${labels}}`, 3);
  expect(sampleValue(text, 'training_loss{run="mine",job_id="7",framework="custom"}')).toBe(1.5);
});

test.each([
  [['--runs.job-id-pattern=('], /--runs\.job-id-pattern/],
  [['--mapping.file=/does/not/exist'], /--mapping\.file.*exist/],
  [['--runs.depth=99'], /--runs\.depth.*0.*20/],
  [['--push.token-file=/does/not/exist'], /--push\.token-file/],
])('%j is refused with one line that says what is wrong', async (args, message) => {
  const { status, stderr } = await runCli(['training', '--web.listen-address=127.0.0.1:0', '--no-push.udp', ...args]);
  expect(status).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(message);
});
