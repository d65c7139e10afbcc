import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../kit/package-root.ts';
import type { ProfileName } from '../../rules/alert.ts';
import { alertmanagerFile, prometheusRuleFiles } from '../generate/files.ts';
import { toYaml } from '../generate/yaml.ts';
import { appFolder } from '../preview/app-files.ts';
import { proxyFile } from '../simulate/inference/proxy-file.ts';
import { keysFileOf } from '../simulate/inference/simulated-tenants.ts';
import type { SimulatedServing } from '../simulate/inference/start-simulated-serving.ts';
import { modelMapping } from '../simulate/training/model-mapping.ts';
import { type SimulatedRunsKey, writingRuns } from '../simulate/training/simulated-run.ts';
import { type GrafanaHome, prepareGrafana } from './grafana.ts';
import type { History } from './history.ts';
import { platformTargets } from './platform-targets.ts';
import type { Ports } from './ports.ts';
import type { ProcessGroup } from './process-group.ts';
import { engineTargets, localSite, prometheusConfig, type Targets } from './stack-config.ts';

export interface Stack {
  readonly folder: string;
  readonly ports: Ports;
  readonly targets: Targets;
  /** Options of `fleetlens gpu`. */
  readonly gpuArgs: readonly string[];
  /** Run folders that the user named. */
  readonly trainingRuns: readonly string[];
  /** LLM servers that the user named. */
  readonly upstreams: readonly string[];
  /** The made-up fleet, whose runs are to be written. */
  readonly simulation?: SimulatedRunsKey;
  /** Options of `fleetlens cmdb`. */
  readonly cmdbArgs: readonly string[];
  /** Options of `fleetlens billing`. */
  readonly billingArgs: readonly string[];
  /** Options of `fleetlens prediction`. */
  readonly predictionArgs: readonly string[];
  /** What there is of the time before the start. */
  readonly history?: History | undefined;
  /** Where the exporters of the simulated system and platform are. */
  readonly platformUrl?: string | undefined;
  /** Its LLM engines, which run already, and who may send to them. */
  readonly serving?: Pick<SimulatedServing, 'engines' | 'tenants'> | undefined;
  /** A Grafana that the user has. */
  readonly grafana?: GrafanaHome | undefined;
  /** Whether the Grafana app is built, so that it can be shown. */
  readonly hasPreview: boolean;
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** Whose exporters the simulated cluster has beside ours. */
const simulatedProfiles: readonly ProfileName[] = ['node', 'kubernetes', 'scheduler'];

/** Longer than any history. */
const retention = '500d';

const cli = fileURLToPath(new URL('../main.js', import.meta.url));

/** Where simulated runs write, laid out as the kubelet lays out the logs of pods: so the exporter knows whose runs they are. */
export function simulatedRunsFolder({ folder }: Pick<Stack, 'folder'>): string {
  return join(folder, 'training', 'pods');
}

function mappingFile({ folder }: Pick<Stack, 'folder'>): string {
  return join(folder, 'training', 'mapping.yml');
}

function proxyFiles({ folder }: Pick<Stack, 'folder'>) {
  return { file: join(folder, 'inference', 'proxy.yml'), keys: join(folder, 'inference', 'keys') };
}

/** Where clients of LLMs connect; undefined where there is nothing to stand in front of. */
export function proxyUrlOf({ ports, upstreams, serving }: Pick<Stack, 'ports' | 'upstreams' | 'serving'>) {
  return serving === undefined && upstreams.length === 0 ? undefined : `http://127.0.0.1:${ports.proxy}`;
}

/** Writes what the programs load. The rules are those that ship, with runbook links to the local receiver. */
export function writeStack(stack: Stack): void {
  const { folder, ports, simulation, serving } = stack;
  // Runs of an earlier simulation in the same folder would seem to start again.
  rmSync(simulatedRunsFolder({ folder }), { recursive: true, force: true });
  for (const part of ['rules', 'targets', 'training', 'inference', 'prometheus', 'alertmanager', 'logs'])
    mkdirSync(join(folder, part), { recursive: true });
  const rules = prometheusRuleFiles({
    runbookBaseUrl: `http://127.0.0.1:${ports.receiver}/runbooks/`,
    optional: ['compat'],
    ownIntervals: false,
    // Without the exporters of others their rules would only tell that these are not there.
    profiles: simulation === undefined ? [] : simulatedProfiles,
  });
  for (const [name, text] of rules) writeFileSync(join(folder, 'rules', name), text);
  const engines = engineTargets(serving?.engines ?? []);
  const others = { 'engine-vllm': engines, ...platformTargets(stack.platformUrl, simulation) };
  for (const [name, groups] of Object.entries({ ...stack.targets, ...others }))
    writeFileSync(join(folder, 'targets', `${name}.json`), `${JSON.stringify(groups, null, 2)}\n`);
  if (simulation !== undefined) {
    const mapping = modelMapping(writingRuns(simulation));
    writeFileSync(mappingFile({ folder }), toYaml(mapping, 'fleetlens up'));
  }
  if (serving !== undefined) writeProxyFiles(stack, serving);
  writeFileSync(join(folder, 'prometheus.yml'), toYaml(prometheusConfig(ports), 'fleetlens up'));
  writeFileSync(join(folder, 'alertmanager.yml'), alertmanagerFile(localSite(ports), 'fleetlens up', 'templates'));
  cpSync(join(packageRoot, 'alertmanager', 'templates'), join(folder, 'templates'), { recursive: true });
}

function writeProxyFiles(stack: Stack, { engines, tenants }: Pick<SimulatedServing, 'engines' | 'tenants'>): void {
  const { file, keys } = proxyFiles(stack);
  writeFileSync(file, toYaml(proxyFile(engines, tenants), 'fleetlens up'));
  writeFileSync(keys, keysFileOf(tenants));
}

/** Starts the programs one after the other, each when the one before is ready. */
export async function startStack(stack: Stack, group: ProcessGroup, onStep: (name: string) => void): Promise<void> {
  const { folder, ports } = stack;
  const logFile = (name: string): string => join(folder, 'logs', `${name}.log`);
  onStep('GPU exporter');
  await group.start({
    name: 'the GPU exporter',
    program: process.execPath,
    args: [cli, 'gpu', `--web.listen-address=127.0.0.1:${ports.gpu}`, '--gpu.interval=2s', ...stack.gpuArgs],
    logFile: logFile('gpu'),
    readyUrl: `http://127.0.0.1:${ports.gpu}/-/healthy`,
  });
  onStep('training exporter');
  await group.start({
    name: 'the training exporter',
    program: process.execPath,
    args: [cli, 'training', ...trainingArgs(stack)],
    logFile: logFile('training'),
    readyUrl: `http://127.0.0.1:${ports.training}/-/healthy`,
  });
  if (proxyUrlOf(stack) !== undefined) {
    onStep('inference exporter');
    await group.start({
      name: 'the inference exporter',
      program: process.execPath,
      args: [cli, 'inference', ...inferenceArgs(stack)],
      logFile: logFile('inference'),
      readyUrl: `http://127.0.0.1:${ports.inference}/-/healthy`,
    });
  }
  onStep('CMDB');
  await group.start({
    name: 'the CMDB',
    program: process.execPath,
    args: [cli, 'cmdb', ...stack.cmdbArgs],
    logFile: logFile('cmdb'),
    readyUrl: `http://127.0.0.1:${ports.cmdb}/-/healthy`,
  });
  onStep('Alertmanager');
  await group.start({
    name: 'Alertmanager',
    program: stack.alertmanager,
    args: [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    logFile: logFile('alertmanager'),
    readyUrl: `http://127.0.0.1:${ports.alertmanager}/-/ready`,
  });
  onStep('Prometheus');
  await group.start({
    name: 'Prometheus',
    program: stack.prometheus,
    args: [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
      `--storage.tsdb.retention.time=${retention}`,
      '--log.level=warn',
    ],
    logFile: logFile('prometheus'),
    readyUrl: `http://127.0.0.1:${ports.prometheus}/-/ready`,
  });
  onStep('billing');
  await group.start({
    name: 'the billing',
    program: process.execPath,
    args: [cli, 'billing', ...stack.billingArgs],
    logFile: logFile('billing'),
    readyUrl: `http://127.0.0.1:${ports.billing}/-/healthy`,
  });
  onStep('failure prediction');
  await group.start({
    name: 'the failure prediction',
    program: process.execPath,
    args: [cli, 'prediction', ...stack.predictionArgs],
    logFile: logFile('prediction'),
    readyUrl: `http://127.0.0.1:${ports.prediction}/-/healthy`,
  });
  if (stack.grafana === undefined) return;
  onStep('Grafana');
  await group.start(prepareGrafana({ home: stack.grafana, appFolder, ports, folder }));
}

/** Looks more often than in production, for the same reason as Prometheus does. */
function trainingArgs(stack: Stack): readonly string[] {
  const { ports, simulation, trainingRuns } = stack;
  const isSimulated = simulation !== undefined;
  const paths = [...(isSimulated ? [join(simulatedRunsFolder(stack), '*')] : []), ...trainingRuns];
  return [
    `--web.listen-address=127.0.0.1:${ports.training}`,
    `--push.udp-address=127.0.0.1:${ports.trainingUdp}`,
    '--files.poll-interval=1s',
    '--files.discovery-interval=2s',
    ...(isSimulated ? [`--mapping.file=${mappingFile(stack)}`] : []),
    ...(paths.length === 0 ? [] : [`--runs.paths=${paths.join(',')}`]),
  ];
}

function inferenceArgs(stack: Stack): readonly string[] {
  const { ports, upstreams, serving } = stack;
  const { file, keys } = proxyFiles(stack);
  return [
    `--web.listen-address=127.0.0.1:${ports.inference}`,
    `--proxy.listen-address=127.0.0.1:${ports.proxy}`,
    // So that the queues of engines show, too.
    '--proxy.routing=lowest_queue',
    // Whoever stops the demonstration does not want to wait for answers.
    '--proxy.drain-timeout=1s',
    ...(serving === undefined ? [] : [`--proxy.file=${file}`, `--proxy.keys-file=${keys}`]),
    ...(upstreams.length === 0 ? [] : [`--proxy.upstreams=${upstreams.join(',')}`]),
  ];
}
