import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulatedServing } from '../../cli/simulate/inference/start-simulated-serving.ts';
import { systemClock } from '../../kit/clock.ts';
import { mapConcurrently } from '../../kit/map-concurrently.ts';
import { createPrometheusApi, type PrometheusApi } from '../../kit/prometheus-api.ts';
import { type BoardQuery, everyBoardQuery } from '../support/board-queries.ts';
import { childrenOf, isRunning, type RunningChild } from '../support/child-process.ts';
import { endCliProcesses, startCli } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { buildFakeNvml, writeFakeState } from '../support/fake-nvml.ts';
import { freePort } from '../support/free-port.ts';
import { isRightlyEmpty } from '../support/rightly-empty.ts';
import { tool } from '../support/tools.ts';

jest.setTimeout(180_000);

/** `fleetlens up` as a newcomer starts it: real Prometheus, real Alertmanager, and the receiver that prints. */
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-up-'));

afterEach(endCliProcesses);
afterAll(() => rmSync(folder, { recursive: true }));

async function startUp(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RunningChild> {
  const ports = await Promise.all(
    [
      'gpu',
      'training',
      'inference',
      'proxy',
      'cmdb',
      'billing',
      'prediction',
      'prometheus',
      'alertmanager',
      'receiver',
    ].map(async (name) => `--${name}.port=${await freePort()}`),
  );
  const programs = [`--prometheus.bin=${tool('prometheus')}`, `--alertmanager.bin=${tool('alertmanager')}`];
  return startCli(['up', ...programs, ...ports, ...args], { env });
}

/** Waits until the text shows up in what it prints; a program that ends before fails at once. */
function printed(child: RunningChild, text: RegExp, withinSeconds = 60): Promise<RegExpExecArray> {
  return eventually(
    `${text} in the output`,
    () => {
      const match = text.exec(child.stdout());
      if (match !== null) return match;
      if (child.end() !== undefined)
        throw new Error(`up ended with ${child.end()}:\n${child.stdout()}${child.stderr()}`);
      return undefined;
    },
    { withinSeconds },
  );
}

async function prometheusOf(child: RunningChild): Promise<PrometheusApi> {
  const [, url = ''] = await printed(child, /Prometheus\s+(http:\S+)/);
  return createPrometheusApi({ url });
}

/** The processes that it started, and those that these started. */
function descendantsOf(pid: number): readonly number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(childrenOf)];
}

test('from a driver call to a person: an XID of a GPU arrives as a page, and Ctrl-C leaves nothing behind', async () => {
  const state = join(folder, 'state');
  writeFakeState(state, ['count=2']);
  const up = await startUp(['--source=nvml', `--nvml.library=${buildFakeNvml()}`], { FAKE_NVML_STATE: state });
  expect((await printed(up, /^.*GPUs of this machine/m))[0]).toContain('with the 2 GPUs of this machine');
  await printed(up, /7\/7 targets up · 2 GPUs up · 0 training runs/);
  writeFakeState(state, ['count=2', 'xid=1:1:79']);
  const page = await printed(up, /CRITICAL\s+GpuXidNodeReboot .*\n(?:.*\n){1,2}.*runbook.*/, 90);
  expect(page[0]).toContain('gpu 1');
  expect(page[0]).toContain('XID 79');
  const [, runbook = ''] = /runbook: (\S+)/.exec(page[0]) ?? [];
  expect(await (await fetch(runbook)).text()).toContain('# GpuXidNodeReboot');

  const processes = descendantsOf(up.pid);
  expect(processes.length).toBeGreaterThanOrEqual(5);
  const [, dataFolder = ''] = await printed(up, /Files\s+(\S+)/);
  up.kill('SIGINT');
  expect(await up.ended).toBe(0);
  expect(processes.filter(isRunning)).toEqual([]);
  expect(existsSync(dataFolder)).toBe(false);
});

test('a simulated fleet says so first, fills the boards and the older names, and ends after its duration', async () => {
  const dataDir = join(folder, 'data');
  const up = await startUp([
    '--source=simulated',
    '--scenario=nvlink-flap',
    '--nodes=2',
    '--gpus=4',
    '--duration=170s',
    `--data-dir=${dataDir}`,
  ]);
  expect((await printed(up, /^.+$/m))[0]).toContain('SIMULATED fleet of 2 nodes with 4 GPUs each');
  const api = await prometheusOf(up);
  await printed(up, /19\/19 targets up · 8 GPUs up · [1-9]\d* training runs · \d+ LLM requests\/s/);
  await eventually('recorded series', async () =>
    (await api.query('gpu_utilization_percent')).samples.length === 8 ? true : undefined,
  );

  const nodes = (await api.query('count by (cluster, node, rack) (gpu_up)')).samples.map(({ labels }) => labels);
  expect(nodes).toEqual([
    { cluster: 'simulated', node: 'sim-1', rack: 'sim-rack-1' },
    { cluster: 'simulated', node: 'sim-2', rack: 'sim-rack-1' },
  ]);
  for (const query of [
    'gpu_utilization_percent',
    'gpu_temperature_celsius',
    'gpu_memory_used_bytes / gpu_memory_total_bytes * 100',
  ]) {
    expect((await api.query(query)).samples).toHaveLength(8);
  }
  const failed = (await api.rules()).flatMap(({ rules }) => rules).filter(({ health }) => health === 'err');
  expect(failed).toEqual([]);
  await eventually('what is recorded every two minutes', () => recordedLast(api), { withinSeconds: 130 });
  expect((await stillEmpty(api)).map(({ board, panel, refId, expr }) => [board, panel, refId, expr])).toEqual([]);

  // Alerts about machines and platform have what they read, and nothing to tell.
  const told = await api.query('count by (alertname) (ALERTS{alertstate="firing",domain="platform"})');
  expect(told.samples).toEqual([]);

  expect(await up.ended).toBe(0);
  expect(existsSync(join(dataDir, 'logs', 'prometheus.log'))).toBe(true);
}, 240_000);

async function recordedLast(api: PrometheusApi): Promise<true | undefined> {
  await sleep(2000);
  const last = ['gpu:gpu_nvlink_up:sum', 'cluster_xid:gpu_xid_errors:increase1h', 'run:gpu_utilization_ratio:avg'];
  const { samples } = await api.query(last.join(' and on (cluster) '));
  return samples.length > 0 ? true : undefined;
}

/** Queries of all boards that find nothing, also not a little later, and have no excuse. */
async function stillEmpty(api: PrometheusApi): Promise<readonly BoardQuery[]> {
  let open = everyBoardQuery({ range: '2m', rateInterval: '1m' }).filter((query) => !isRightlyEmpty(query));
  for (let round = 0; round < 4 && open.length > 0; round += 1) {
    if (round > 0) await sleep(4000);
    const counts = await mapConcurrently(open, 16, async ({ expr }) => (await api.query(expr)).samples.length);
    open = open.filter((_, index) => counts[index] === 0);
  }
  return open;
}

test('a training run whose loss becomes NaN arrives as an alert that names it, and joins the GPUs of its pod', async () => {
  const up = await startUp(['--source=simulated', '--scenario=training-nan', '--nodes=1', '--gpus=4']);
  expect((await printed(up, /^Scenario .+$/m))[0]).toContain('the loss of the first training run');
  const api = await prometheusOf(up);
  const [, run = ''] = await printed(up, /TrainingLossNonFinite {2}run (\S+)\n/, 120);
  expect(run).toMatch(/^[a-z-]+\/[a-z0-9-]+$/);
  const gpus = await api.query(
    `gpu_pod_info * on (cluster, namespace, pod) group_left (run) group by (cluster, namespace, pod, run) (training_run_info{run="${run}"})`,
  );
  expect(gpus.samples).toHaveLength(4);
});

test('an alert arrives with the rack, the owner and the services of its server, from the inventory', async () => {
  const up = await startUp(['--source=simulated', '--scenario=overheat', '--nodes=1', '--gpus=4']);
  const page = (await printed(up, /CRITICAL\s+GpuTemperatureCritical .*\n.*\n.*\n/, 150))[0];
  expect(page).toContain('rack sim-rack-1');
  expect(page).toMatch(/owner \S+/);
  expect(page).toContain('on call sim-platform');
  expect(page).toMatch(/runs \S+\/\S+/);
  const [, cmdb = ''] = await printed(up, /Inventory\s+(http:\S+)/);
  const { sources } = (await (await fetch(`${cmdb}/api/v1/sources`)).json()) as {
    readonly sources: readonly { readonly name: string; readonly last_look: { readonly outcome: string } }[];
  };
  expect(sources.map(({ name, last_look }) => [name, last_look.outcome])).toEqual(
    ['kubernetes', 'lldp', 'prometheus', 'redfish', 'site'].map((name) => [name, 'taken_over']),
  );
});

test('simulated tenants use LLMs through the proxy, and so can whoever copies the line that is printed; a taken port is refused, and one program that ends stops all', async () => {
  const up = await startUp(['--source=simulated', '--scenario=tenant-burst', '--nodes=1', '--gpus=4']);
  const api = await prometheusOf(up);
  const [, url = '', authorization = '', body = ''] = await printed(
    up,
    /curl -s (http:\S+) -H 'Authorization: (Bearer \S+)' -H 'Content-Type: application\/json' -d '(\{.*\})'/,
  );
  const headers = { Authorization: authorization, 'Content-Type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body });
  expect(answer.headers.get('server')).toMatch(/^fleetlens-simulated-/);
  expect(await answer.json()).toMatchObject({ object: 'chat.completion', usage: { completion_tokens: 32 } });
  const counted = async (where: string) => (await api.query(`sum(inference_requests_total{${where}}) > 0`)).samples[0];
  await eventually('qualities of models', async () => (await api.query('model_accuracy')).samples[0]);
  await eventually('the request in Prometheus', () => counted('engine_kind="proxy",tenant="demo",status="success"'));
  await eventually('429s of the tenant', () => counted('tenant="team-b",status="rejected"'), { withinSeconds: 90 });
  expect(await counted('tenant=~"team-a|ide-plugin|research",status="rejected"')).toBeUndefined();
  await refusesTakenPort(up);
  await endsWithItsProgram(up);
});

/** A port that is taken is one line and exit status 2. */
async function refusesTakenPort(up: RunningChild): Promise<void> {
  const [, port = ''] = await printed(up, /Prometheus\s+http:\/\/127\.0\.0\.1:(\d+)/);
  const second = await startUp(['--source=simulated', `--prometheus.port=${port}`]);
  expect(await second.ended).toBe(2);
  expect(second.stderr()).toContain(`--prometheus.port ${port} is in use`);
}

/** If a program ends by itself, it says which, shows the end of its log, and stops the others. */
async function endsWithItsProgram(up: RunningChild): Promise<void> {
  await printed(up, /targets up/);
  const children = childrenOf(up.pid);
  const [exporter = -1] = children;
  process.kill(exporter, 'SIGKILL');
  expect(await up.ended).toBe(1);
  expect(up.stderr()).toMatch(/the GPU exporter ended \(signal SIGKILL\); the end of .*gpu\.log/);
  expect(children.filter(isRunning)).toEqual([]);
}

test('without a simulation there is a proxy only in front of servers that the user names', async () => {
  const served = await startSimulatedServing(
    { seed: 1, nodes: 1, gpus: 1, scenario: 'healthy' },
    { clock: systemClock },
  );
  try {
    const state = join(folder, 'served');
    writeFakeState(state, ['count=1']);
    const upstream = served.engines[0]?.url ?? '';
    const up = await startUp(
      ['--source=nvml', `--nvml.library=${buildFakeNvml()}`, `--inference.upstreams=${upstream}`],
      { FAKE_NVML_STATE: state },
    );
    const [, url = ''] = await printed(up, /LLM proxy\s+(http:\S+)/);
    await printed(up, /8\/8 targets up · 1 GPUs up/);
    const models = await fetch(`${url}/v1/models`);
    expect(await models.json()).toMatchObject({ data: [{ owned_by: 'fleetlens-simulated' }] });
    expect(up.stdout()).not.toContain('curl');
  } finally {
    await served.stop();
  }
});

describe('what the user can mend is one line and exit status 2', () => {
  test.each([
    ['an unknown scenario', ['--scenario=meltdown'], /--scenario must be one of healthy, overheat/],
    [
      'a program that is not there',
      ['--prometheus.bin=/nowhere/prometheus'],
      /--prometheus.bin \/nowhere\/prometheus is no program/,
    ],
    ['too many GPUs', ['--gpus=99'], /--gpus must be a whole number from 1 to 16, got "?99"?/],
    [
      'an LLM server that is no address',
      ['--inference.upstreams=llm-1'],
      /--inference.upstreams\[0\] must be an address such as http:\/\/10.0.0.5:8000, without a query, got "?llm-1"?/,
    ],
    [
      'no driver although asked for',
      ['--source=nvml', '--nvml.library=/nowhere/libnvidia-ml.so.1'],
      /--source=nvml: no NVML library/,
    ],
  ])('%s', async (_what, args, message) => {
    const up = await startUp(args);
    expect(await up.ended).toBe(2);
    expect(up.stderr().trimEnd().split('\n')).toHaveLength(1);
    expect(up.stderr()).toMatch(message);
  });

  test('a data folder that cannot be made', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const up = await startUp(['--source=simulated', `--data-dir=${join(file, 'below')}`]);
    expect(await up.ended).toBe(2);
    expect(up.stderr()).toContain('--data-dir cannot be made');
  });
});
