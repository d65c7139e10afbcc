import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../kit/package-root.ts';
import { alertmanagerFile, prometheusRuleFiles } from '../generate/files.ts';
import { toYaml } from '../generate/yaml.ts';
import { modelMapping } from '../simulate/training/model-mapping.ts';
import { type SimulatedRunsKey, writingRuns } from '../simulate/training/simulated-run.ts';
import type { Ports } from './ports.ts';
import type { ProcessGroup } from './process-group.ts';
import { localSite, prometheusConfig, type Targets } from './stack-config.ts';

export interface Stack {
  readonly folder: string;
  readonly ports: Ports;
  readonly targets: Targets;
  /** Options of `fleetlens gpu`. */
  readonly gpuArgs: readonly string[];
  /** Run folders that the user named. */
  readonly trainingRuns: readonly string[];
  /** The made-up fleet, whose runs are to be written. */
  readonly simulation?: SimulatedRunsKey;
  readonly prometheus: string;
  readonly alertmanager: string;
}

const cli = fileURLToPath(new URL('../main.js', import.meta.url));

/** Where simulated runs write, laid out as the kubelet lays out the logs of pods: so the exporter knows whose runs they are. */
export function simulatedRunsFolder({ folder }: Pick<Stack, 'folder'>): string {
  return join(folder, 'training', 'pods');
}

function mappingFile({ folder }: Pick<Stack, 'folder'>): string {
  return join(folder, 'training', 'mapping.yml');
}

/** Writes what the programs load. The rules are those that ship, with runbook links to the local receiver. */
export function writeStack({ folder, ports, targets, simulation }: Stack): void {
  // Runs of an earlier simulation in the same folder would seem to start again.
  rmSync(simulatedRunsFolder({ folder }), { recursive: true, force: true });
  for (const part of ['rules', 'targets', 'training', 'prometheus', 'alertmanager', 'logs'])
    mkdirSync(join(folder, part), { recursive: true });
  const rules = prometheusRuleFiles({
    runbookBaseUrl: `http://127.0.0.1:${ports.receiver}/runbooks/`,
    withOptional: true,
    ownIntervals: false,
  });
  for (const [name, text] of rules) writeFileSync(join(folder, 'rules', name), text);
  for (const [name, groups] of Object.entries(targets))
    writeFileSync(join(folder, 'targets', `${name}.json`), `${JSON.stringify(groups, null, 2)}\n`);
  if (simulation !== undefined) {
    const mapping = modelMapping(writingRuns(simulation));
    writeFileSync(mappingFile({ folder }), toYaml(mapping, 'fleetlens up'));
  }
  writeFileSync(join(folder, 'prometheus.yml'), toYaml(prometheusConfig(ports), 'fleetlens up'));
  writeFileSync(join(folder, 'alertmanager.yml'), alertmanagerFile(localSite(ports), 'fleetlens up', 'templates'));
  cpSync(join(packageRoot, 'alertmanager', 'templates'), join(folder, 'templates'), { recursive: true });
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
      '--log.level=warn',
    ],
    logFile: logFile('prometheus'),
    readyUrl: `http://127.0.0.1:${ports.prometheus}/-/ready`,
  });
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
