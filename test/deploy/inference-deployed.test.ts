import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseGateway } from '../../exporters/inference/gateway/gateway-file.ts';
import { inferenceDaemon } from '../../exporters/inference/main.ts';
import { systemClock } from '../../kit/clock.ts';
import { type RunningDaemon, startDaemon } from '../../kit/daemon.ts';
import { createLog } from '../../kit/log.ts';
import { type FakeLlmServer, startFakeLlm } from '../support/fake-llm-server.ts';
import { post, sha256, sumOf } from '../support/inference-proxy.ts';
import { argvOf, gateway, mountedFiles, optionsOf, reader, sidecar } from './inference-manifests.ts';
import { objectOf, type PodMonitor } from './manifests.ts';

/** The real daemon with the arguments and files of each manifest; only addresses and the folder of the state are of this machine. */
const podMonitor = objectOf<PodMonitor>('inference-podmonitor.yaml', 'PodMonitor');
const key = 'a-key-of-this-test';

describe.each([
  ['the gateway', gateway],
  ['the sidecar', sidecar],
] as const)('%s as it is deployed', (_name, parts) => {
  const { container } = parts;
  const { 'proxy.file': file = '', 'proxy.keys-file': keysFile, 'proxy.state-file': stateFile } = optionsOf(container);
  const files = new Map(mountedFiles(parts));
  const upstreams = parseGateway('', files.get(file) ?? '', []).upstreams;
  const lines: string[] = [];
  let folder: string;
  let servers: readonly FakeLlmServer[] = [];
  let daemon: RunningDaemon;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fleetlens-deploy-'));
    servers = await Promise.all(upstreams.map(() => startFakeLlm()));
    for (const [index, { url }] of upstreams.entries())
      files.set(file, (files.get(file) ?? '').replace(url.origin, servers[index]?.url ?? ''));
    if (keysFile !== undefined) files.set(keysFile, `${files.get(keysFile)}${sha256(key)}  research\n`);
    const onThisMachine = [
      '--web.listen-address=127.0.0.1:0',
      '--proxy.listen-address=127.0.0.1:0',
      ...(stateFile === undefined ? [] : [`--proxy.state-file=${join(folder, 'budgets.json')}`]),
    ];
    daemon = await startDaemon(inferenceDaemon, {
      sources: { argv: [...argvOf(container), ...onThisMachine], env: {}, readFile: reader(files) },
      clock: systemClock,
      log: createLog({ level: 'info', format: 'json', daemon: 'test', write: (line) => void lines.push(line) }),
    });
  });
  afterAll(async () => {
    await daemon?.stop();
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  function proxyUrl(): string {
    const logged: readonly { msg?: string; url?: string }[] = lines.map((line) => JSON.parse(line));
    return String(logged.find(({ msg }) => msg === 'proxy listening')?.url);
  }

  test('its probes and the path of the PodMonitor are answered', async () => {
    const probes = [container.livenessProbe.httpGet, container.readinessProbe.httpGet];
    expect(probes.map(({ port }) => port)).toEqual(['fleetlens', 'fleetlens']);
    const paths = [...probes, ...podMonitor.spec.podMetricsEndpoints].map(({ path }) => path);
    const answers = await Promise.all(paths.map((path) => fetch(new URL(path, daemon.url))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  test('each of its servers answers clients, and requests are counted for their tenant', async () => {
    const requests = Array.from({ length: 8 }, () =>
      post(proxyUrl(), '/v1/chat/completions', { model: 'm1', messages: [] }, { authorization: `Bearer ${key}` }),
    );
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual(requests.map(() => 200));
    expect(servers.filter(({ truth }) => truth.requests === 0)).toEqual([]);
    const page = await (await fetch(`${daemon.url}/metrics`)).text();
    const tenant = keysFile === undefined ? 'unknown' : 'research';
    expect(sumOf(page, 'inference_requests_total', { tenant, status: 'success' })).toBe(requests.length);
    for (const { name: upstream } of upstreams)
      expect(sumOf(page, 'inference_upstream_attempts_total', { upstream })).toBeGreaterThan(0);
  });
});
