import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulatedInventory } from '../../cli/simulate/site/start-simulated-inventory.ts';
import { createPrometheusApi } from '../../kit/prometheus-api.ts';
import { endCliProcesses, type RunningDaemon, runCli, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningPostgres, startPostgres } from '../support/postgres.ts';
import { startPrometheus } from '../support/prometheus.ts';

jest.setTimeout(120_000);

/** `fleetlens cmdb` as it is installed, on its embedded database and on a real PostgreSQL. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cmdb-e2e-'));
});
afterEach(async () => {
  await endCliProcesses();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const rows = (count: number) =>
  [
    'name,class,serial,vendor,rack,team',
    ...Array.from({ length: count }, (_, n) => `node-${n},server,S${n},Dell,r${n % 4},platform`),
  ].join('\n');

function configuration(extra = ''): string {
  return write('cmdb.yml', `sources:\n  - {type: file, every: 1s, files: [${join(folder, 'fleet.csv')}]}\n${extra}`);
}

async function json(
  url: string,
  path: string,
): Promise<Record<string, unknown> & { readonly items?: readonly Record<string, unknown>[] }> {
  return JSON.parse(await (await fetch(`${url}${path}`)).text());
}

async function counted(daemon: RunningDaemon): Promise<number> {
  return (await json(daemon.url, '/api/v1/items?class=server&limit=500')).items?.length ?? 0;
}

const start = (args: readonly string[]) =>
  startDaemonProcess(['cmdb', `--store.folder=${join(folder, 'db')}`, ...args]);

test('a file becomes an inventory that survives a restart; a second process on the same folder is refused', async () => {
  write('fleet.csv', rows(20));
  const args = [`--cmdb.file=${configuration()}`];
  const daemon = await start(args);
  await eventually('the servers', async () => ((await counted(daemon)) === 20 ? true : undefined));

  const second = await runCli([
    'cmdb',
    '--web.listen-address=127.0.0.1:0',
    `--store.folder=${join(folder, 'db')}`,
    ...args,
  ]);
  expect(second.status).toBe(2);
  expect(second.stderr).toContain(join(folder, 'db'));
  expect(second.stderr).toMatch(/in use|used by/);

  daemon.child.kill('SIGTERM');
  expect(await daemon.child.ended).toBe(0);
  rmSync(join(folder, 'fleet.csv'));
  const again = await start(args);
  expect(await counted(again)).toBe(20);
  const { items: [first] = [] } = await json(again.url, '/api/v1/search?q=node-7');
  expect(first).toMatchObject({ name: 'node-7', class: 'server' });
});

test('a file that loses most of its rows is refused, told by a metric, and taken over when somebody says so', async () => {
  write('fleet.csv', rows(100));
  const daemon = await start([`--cmdb.file=${configuration()}`]);
  await eventually('the servers', async () => ((await counted(daemon)) === 100 ? true : undefined));
  write('fleet.csv', rows(3));
  const metrics = await eventually('the refusal', async () => {
    const text = await (await fetch(`${daemon.url}/metrics`)).text();
    return text.includes('cmdb_source_refused{source="file"} 1') ? text : undefined;
  });
  expect(metrics).toContain('cmdb_source_up{source="file",source_type="file"} 0');
  expect(metrics).not.toContain('cmdb_ci_missing{');
  const allowed = await fetch(`${daemon.url}/api/v1/sources/file/look?allow_missing=true`, { method: 'POST' });
  expect(allowed.status).toBe(200);
  await eventually('the missing ones', async () => {
    const text = await (await fetch(`${daemon.url}/metrics`)).text();
    return [...text.matchAll(/^cmdb_ci_missing\{.*class="server"/gm)].length === 97 ? true : undefined;
  });
});

test('a new configuration is taken over on SIGHUP; a bad one leaves the old one in force', async () => {
  write('fleet.csv', rows(5));
  write('more.csv', 'name,class\nnode-x,server\n');
  const config = configuration();
  const daemon = await start([`--cmdb.file=${config}`]);
  await eventually('the servers', async () => ((await counted(daemon)) === 5 ? true : undefined));
  configuration('  - {type: fille}\n');
  daemon.child.kill('SIGHUP');
  await eventually('the complaint', () => (/did you mean file\?/.test(daemon.child.stderr()) ? true : undefined));
  configuration(`  - {type: file, name: more, every: 1s, files: [${join(folder, 'more.csv')}]}\n`);
  daemon.child.kill('SIGHUP');
  await eventually('the server of the new file', async () => ((await counted(daemon)) === 6 ? true : undefined));
});

test('bad options and files end it with one line and status 2', async () => {
  const bad = async (...args: readonly string[]) => {
    const { status, stderr } = await runCli([
      'cmdb',
      '--web.listen-address=127.0.0.1:0',
      `--store.folder=${join(folder, 'db')}`,
      ...args,
    ]);
    return { status, lines: stderr.trim().split('\n') };
  };
  expect(await bad('--info.classes=sever')).toEqual({
    status: 2,
    lines: [
      'fleetlens cmdb: --info.classes must hold classes such as site, room, rack, got sever; did you mean server?',
    ],
  });
  const file = write('cmdb.yml', 'sources:\n  - {type: file, files: [x], evry: 5m}\n');
  const { status, lines } = await bad(`--cmdb.file=${file}`);
  expect([status, lines.length]).toEqual([2, 1]);
  expect(lines[0]).toContain(`${file}: sources[0] has the unknown key evry`);
});

describe('on PostgreSQL', () => {
  let postgres: RunningPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());

  const replicas = async (name: string, config: string) => {
    const urlFile = write('url', await postgres.createDatabase(name));
    const args = ['cmdb', `--cmdb.file=${config}`, `--store.url-file=${urlFile}`, '--cmdb.follow-interval=200ms'];
    return Promise.all([startDaemonProcess(args), startDaemonProcess(args)]);
  };
  const leaders = async (daemons: readonly RunningDaemon[]) => {
    const texts = await Promise.all(daemons.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
    return texts.map((text) => text.includes('\ncmdb_leader 1'));
  };

  test('one of two replicas looks, both know; when it is killed the other goes on', async () => {
    write('fleet.csv', rows(30));
    const [first, second] = await replicas('two', configuration());
    const both = [first, second];
    await eventually('the servers in both', async () =>
      (await counted(first)) === 30 && (await counted(second)) === 30 ? true : undefined,
    );
    const before = await leaders(both);
    expect(before.filter(Boolean)).toHaveLength(1);
    const [leading, waiting] = before[0] === true ? [first, second] : [second, first];
    leading.child.kill('SIGKILL');
    await leading.child.ended;
    write('fleet.csv', rows(33));
    await eventually(
      'the other to lead and to look',
      async () => ((await counted(waiting)) === 33 ? true : undefined),
      { withinSeconds: 40 },
    );
    expect(await leaders([waiting])).toEqual([true]);
    const { changes } = (await json(waiting.url, '/api/v1/changes?limit=200')) as {
      readonly changes?: readonly { readonly action: string }[];
    };
    const created = (changes ?? []).filter(({ action }) => action === 'created');
    // 33 servers, 4 racks and a team, each made once.
    expect(created).toHaveLength(38);
  });

  test('while the database is away what is known is shown; when it is back it goes on by itself', async () => {
    write('fleet.csv', rows(10));
    const urlFile = write('url', await postgres.createDatabase('away'));
    const daemon = await startDaemonProcess([
      'cmdb',
      `--cmdb.file=${configuration()}`,
      `--store.url-file=${urlFile}`,
      '--cmdb.follow-interval=200ms',
    ]);
    await eventually('the servers', async () => ((await counted(daemon)) === 10 ? true : undefined));
    await postgres.end('SIGKILL');
    await eventually('the metric', async () =>
      (await (await fetch(`${daemon.url}/metrics`)).text()).includes('cmdb_store_up{store="postgresql"} 0')
        ? true
        : undefined,
    );
    expect(await counted(daemon)).toBe(10);
    expect((await fetch(`${daemon.url}/-/ready`)).status).toBe(503);
    await postgres.start();
    write('fleet.csv', rows(12));
    await eventually('the new servers', async () => ((await counted(daemon)) === 12 ? true : undefined), {
      withinSeconds: 60,
    });
    expect((await fetch(`${daemon.url}/-/ready`)).status).toBe(200);
    expect(daemon.child.stderr()).not.toContain(postgres.password);
  });
});

test('the simulated cluster through its real ways in: one item for each thing, with place, owner and hardware', async () => {
  const simulated = await startSimulatedInventory({ seed: 1, nodes: 3, gpus: 4, scenario: 'healthy' });
  const { writeInventory } = await import('../../cli/up/inventory.ts');
  const exporter = await startDaemonProcess([
    'gpu',
    '--source=simulated',
    '--simulated.scenario=healthy',
    '--simulated.nodes=3',
    '--simulated.gpus=4',
    '--simulated.seed=1',
  ]);
  const targets = [1, 2, 3].map((node) => ({
    targets: [new URL(exporter.url).host],
    labels: {
      __metrics_path__: `/nodes/sim-${node}/metrics`,
      cluster: 'simulated',
      node: `sim-${node}`,
      rack: 'sim-rack-1',
      instance: `sim-${node}:9400`,
    },
  }));
  const prometheus = await startPrometheus({
    config: JSON.stringify({
      scrape_configs: [{ job_name: 'fleetlens-gpu', scrape_interval: '1s', static_configs: targets }],
    }),
  });
  try {
    await eventually('the GPUs in Prometheus', async () =>
      (await createPrometheusApi({ url: prometheus.url }).query('gpu_info')).samples.length === 12 ? true : undefined,
    );
    mkdirSync(join(folder, 'stack'));
    const ports = { prometheus: Number(new URL(prometheus.url).port), alertmanager: 1, cmdb: 0 };
    const args = writeInventory({ folder: join(folder, 'stack'), ports: ports as never }, simulated);
    const daemon = await startDaemonProcess(['cmdb', ...args.filter((arg) => !arg.startsWith('--web.'))]);
    await eventually(
      'every source',
      async () => {
        const { sources } = (await json(daemon.url, '/api/v1/sources')) as {
          readonly sources?: readonly { readonly last_look: { readonly outcome: string } | null }[];
        };
        return sources?.length === 5 && sources.every(({ last_look }) => last_look?.outcome === 'taken_over')
          ? true
          : undefined;
      },
      { withinSeconds: 60 },
    );
    const of = async (itemClass: string) =>
      (await json(daemon.url, `/api/v1/items?class=${itemClass}&limit=100`)).items ?? [];
    const servers = await of('server');
    expect(servers.map(({ name }) => name).sort()).toEqual(['sim-1', 'sim-2', 'sim-3']);
    const gpus = await of('gpu');
    expect(gpus).toHaveLength(12);
    const metrics = await (await fetch(`${daemon.url}/metrics`)).text();
    const info = [...metrics.matchAll(/^cmdb_ci_info\{.*class="server".*$/gm)].map(([line]) => line);
    expect(info).toHaveLength(3);
    for (const line of info) {
      expect(line).toContain('rack="sim-rack-1"');
      expect(line).toContain('site="sim-site"');
      expect(line).toContain('team="sim-platform"');
      expect(line).not.toContain('serial=""');
      expect(line).not.toContain('owner=""');
    }
    expect(metrics).toMatch(/^cmdb_bmc_up\{.*\} 1$/m);
    const { findings } = (await json(daemon.url, '/api/v1/findings')) as { readonly findings?: readonly unknown[] };
    expect(findings).toEqual([]);
    expect(readFileSync(join(folder, 'stack', 'inventory', 'cmdb.yml'), 'utf8')).not.toContain(
      simulated.password === 'simulated' ? 'password: simulated' : simulated.password,
    );
  } finally {
    await prometheus.stop();
    await simulated.stop();
  }
});
