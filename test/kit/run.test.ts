import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { gpuOptions } from '../../exporters/gpu/options.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';
import { childrenOf, isRunning } from '../support/child-process.ts';
import { endCliProcesses, listeningUrl, runCli, startCli } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { parseExposition } from '../support/exposition.ts';
import { buildFakeNvml, writeFakeState } from '../support/fake-nvml.ts';
import { ask } from '../support/http-client.ts';

// The daemon as a process, through the compiled command.

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-run-'));
});

afterEach(endCliProcesses);
afterAll(() => rmSync(folder, { recursive: true }));

const simulated = ['gpu', '--source=simulated', '--web.listen-address=127.0.0.1:0'];

describe('what only prints', () => {
  test('--help', async () => {
    const { status, stdout, stderr } = await runCli(['gpu', '--help', '--nonsense']);
    expect([status, stderr]).toEqual([0, '']);
    for (const name of Object.keys(gpuOptions.options))
      expect(stdout).toMatch(new RegExp(`^  --(no-)?${name}\\b`, 'm'));
  });

  test('--version', async () => {
    const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await runCli(['gpu', '--version'])).toMatchObject({
      status: 0,
      stdout: `fleetlens gpu ${version}\n`,
      stderr: '',
    });
  });

  test('--config.schema is a JSON Schema', async () => {
    const { status, stdout, stderr } = await runCli(['gpu', '--config.schema']);
    expect([status, stderr]).toEqual([0, '']);
    const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(stdout));
    expect(validate({ gpu: { interval: '10s' }, log: { level: 'debug' } })).toBe(true);
    expect(validate({ gpu: { intervall: '10s' } })).toBe(false);
  });

  test('--list-metrics names every metric with its help', async () => {
    const { status, stdout, stderr } = await runCli(['gpu', '--list-metrics']);
    expect([status, stderr]).toEqual([0, '']);
    for (const { name, help } of [...Object.values(gpu), ...Object.values(fleetlens)]) {
      expect(stdout).toContain(`${name}\n    `);
      expect(stdout).toContain(help);
    }
  });
});

describe('--config.check', () => {
  const check = (yaml: string) => {
    const file = join(folder, 'check.yaml');
    writeFileSync(file, yaml);
    return runCli(['gpu', '--config.check', `--config.file=${file}`]);
  };

  test('good files', async () => {
    expect(await check('gpu: {interval: 10s}')).toMatchObject({
      status: 0,
      stdout: 'the configuration is valid\n',
      stderr: '',
    });
  });

  test.each([
    [
      'gpu: {interval: 1h}',
      /^fleetlens gpu: \S+check\.yaml: gpu\.interval must be a duration from 200ms to 5m, such as 5s, got "1h"\n$/,
    ],
    ['web: {telemetry-path: metrics}', /^fleetlens gpu: --web\.telemetry-path must start with \/ .*got "metrics"\n$/],
    ['web: {config: {file: /nowhere}}', /^fleetlens gpu: --web\.config\.file cannot be read: ENOENT.*\n$/],
  ])('%s', async (yaml, complaint) => {
    const { status, stdout, stderr } = await check(yaml);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(complaint);
  });
});

test.each([
  [['--nonsense'], 'fleetlens gpu: unknown option --nonsense, see --help\n'],
  [['--log.level=loud\n'], 'fleetlens gpu: --log.level must be one of debug, info, warn, error, got "loud\\n"\n'],
])('%j is one line on standard error and status 2', async (args, line) => {
  expect(await runCli(['gpu', ...args])).toMatchObject({ status: 2, stdout: '', stderr: line });
});

test('an address that is not to be had ends it as well, after what was logged before', async () => {
  const { status, stderr } = await runCli(['gpu', '--source=simulated', '--web.listen-address=192.0.2.1:1']);
  expect(status).toBe(2);
  expect(stderr.trimEnd().split('\n').at(-1)).toBe(
    'fleetlens gpu: --web.listen-address 192.0.2.1:1 is no address of this machine',
  );
});

describe('signals', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the daemon with 0, and its child with it', async (signal) => {
    const state = join(folder, `${signal}.state`);
    writeFakeState(state, ['count=2']);
    const cli = await startCli(
      ['gpu', '--web.listen-address=127.0.0.1:0', `--nvml.library=${buildFakeNvml()}`, '--gpu.interval=200ms'],
      { env: { FAKE_NVML_STATE: state } },
    );
    const url = await listeningUrl(cli);
    await eventually('a reading', async () => ((await ask(`${url}/-/ready`)).status === 200 ? true : undefined));
    const children = childrenOf(cli.pid);
    expect(children.length).toBeGreaterThan(0);
    const keptOpen = await held(url);
    cli.kill(signal);
    expect(await cli.ended).toBe(0);
    expect(cli.stderr()).toContain(' msg=stopped');
    await eventually('the child to be gone', () => (children.some(isRunning) ? undefined : true));
    keptOpen.destroy();
  });

  test('SIGHUP with a bad file is logged and changes nothing, with a good one it counts', async () => {
    const file = join(folder, 'reload.yaml');
    writeFileSync(file, 'log: {level: info}');
    const cli = await startCli([...simulated, `--config.file=${file}`]);
    const url = await listeningUrl(cli);
    const successful = async () =>
      parseExposition('text', (await ask(`${url}/metrics`)).body).get('fleetlens_config_last_reload_successful')
        ?.samples[0]?.value;

    writeFileSync(file, 'log: {level: loud}');
    cli.kill('SIGHUP');
    await eventually('the complaint', () => (cli.stderr().includes('configuration not reloaded') ? true : undefined));
    expect(cli.stderr()).toContain('reload.yaml: log.level must be one of debug, info, warn, error, got \\"loud\\"');
    expect(await successful()).toBe('0');

    writeFileSync(file, 'log: {level: info}\ngpu: {interval: 1s}');
    cli.kill('SIGHUP');
    await eventually('the reload', () => (cli.stderr().includes('msg="configuration reloaded"') ? true : undefined));
    expect(cli.stderr()).toMatch(/level=warn msg="some changed options need a restart" .*gpu\.interval/);
    expect(await successful()).toBe('1');
  });
});

test('a machine without file descriptors left costs connections, not the daemon', async () => {
  const cli = await startCli(simulated, { ulimit: '-n 256' });
  const url = await listeningUrl(cli);
  const sockets = await Promise.all(Array.from({ length: 300 }, () => held(url)));
  await eventually('the shortage', () => (sockets.some((socket) => socket.closed) ? true : undefined));
  for (const socket of sockets) socket.destroy();
  await eventually('an answer', async () => {
    const answer = await ask(`${url}/-/healthy`).catch(() => undefined);
    return answer?.status === 200 ? true : undefined;
  });
  cli.kill('SIGTERM');
  expect(await cli.ended).toBe(0);
});

/** A connection that stays open and may be cut. */
function held(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(socket));
    socket.once('close', () => resolve(socket));
  });
}
