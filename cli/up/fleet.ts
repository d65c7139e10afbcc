import { gpuOptions } from '../../exporters/gpu/options.ts';
import { ConfigError } from '../../kit/errors.ts';
import { version } from '../../kit/version.ts';
import { aboutScenario } from '../simulate/scenarios.ts';
import type { UpOptions } from './options.ts';
import type { Ports } from './ports.ts';
import { probeNvml } from './probe-nvml.ts';
import type { Stack } from './stack.ts';
import { localTargets, simulatedTargets } from './stack-config.ts';

/** What the stack watches: the GPUs of this machine, or made-up ones. */
export interface Fleet extends Pick<Stack, 'targets' | 'gpuArgs' | 'simulation'> {
  /** First lines of the output: whose GPUs these are. */
  readonly headline: string;
}

/** Throws ConfigError if the user wants the GPUs of this machine and there are none. */
export async function chooseFleet(options: UpOptions, ports: Ports): Promise<Fleet> {
  if (options.source === 'simulated') return simulatedFleet(options, ports, 'as you asked');
  const given = options['nvml.library'];
  const libraries = given.length > 0 ? given : gpuOptions.options['nvml.library'].default;
  const probe = await probeNvml(libraries);
  if ('gpus' in probe) {
    return {
      headline: `FleetLens ${version} with the ${counted(probe.gpus, 'GPU')} of this machine.`,
      targets: localTargets(ports, options['inference.upstreams'].length > 0),
      gpuArgs: ['--source=nvml', `--nvml.library=${libraries.join(',')}`],
    };
  }
  if (options.source === 'nvml') throw new ConfigError(`--source=nvml: ${probe.reason}`);
  return simulatedFleet(
    options,
    ports,
    probe.isInstalled ? `because ${probe.reason}` : 'because this machine has no NVML',
  );
}

function simulatedFleet({ scenario, nodes, gpus, seed }: UpOptions, ports: Ports, why: string): Fleet {
  return {
    headline: [
      `FleetLens ${version} with a SIMULATED fleet of ${counted(nodes, 'node')} with ${counted(gpus, 'GPU')} each, ${why}.`,
      `Scenario ${scenario}: ${aboutScenario(scenario)}`,
    ].join('\n'),
    targets: simulatedTargets(ports, nodes),
    simulation: { seed, nodes, gpus, scenario },
    gpuArgs: [
      '--source=simulated',
      `--simulated.scenario=${scenario}`,
      `--simulated.nodes=${nodes}`,
      `--simulated.gpus=${gpus}`,
      `--simulated.seed=${seed}`,
    ],
  };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
