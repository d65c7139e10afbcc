import type { Clock } from '../../../../kit/clock.ts';
import { tiers } from '../../reading.ts';
import type { GpuSource, NodeState } from '../source.ts';
import { createXidLedger } from '../xid-ledger.ts';
import { createBeat } from './beat.ts';
import { createSimulatedGpu } from './gpu-model.ts';
import { type Scenario, type ScenarioName, scenarios } from './scenarios.ts';
import { pidOf, type SimulatedPod, simulatedPods } from './simulated-pods.ts';
import { createTurns, type Turns } from './turns.ts';
import type { SimulatedProcess } from './workload.ts';

export interface SimulatedNodeSettings {
  readonly seed: number;
  /** Number of the node in its fleet, from 0. */
  readonly node: number;
  readonly gpus: number;
  readonly scenario: ScenarioName;
  readonly collectSeconds: number;
}

interface Deps {
  readonly clock: Clock;
  /** Shared by the nodes of a fleet. */
  readonly turns?: Turns;
}

const versions = { driver: '580.65.06', cuda: '13.0', nvml: '13.580.65.06' } as const;

/** A made-up node that goes through a scenario. It steps second by second, so that what it shows depends on the time alone. */
export function createSimulatedSource(
  settings: SimulatedNodeSettings,
  { clock, turns = createTurns() }: Deps,
): GpuSource {
  const { seed, node, collectSeconds } = settings;
  const pods = simulatedPods(settings);
  const gpus = Array.from({ length: settings.gpus }, (_, gpu) =>
    createSimulatedGpu({ seed, node, gpu }, processesOn(gpu, pods)),
  );
  const firstPod = pods[0]?.gpus ?? [];
  const scenario: Scenario = scenarios[settings.scenario];
  const ledger = createXidLedger();
  const startedAt = clock.monotonic();
  let nextSecond = 0;
  let state = advance();
  let notify: () => void = () => {};
  const beat = createBeat({ everySeconds: collectSeconds, phase: phaseOf(node) }, { clock, turns }, () => {
    state = advance();
    notify();
  });

  function advance(): NodeState {
    const now = Math.floor(clock.monotonic() - startedAt);
    for (; nextSecond <= now; nextSecond++) stepAll(nextSecond);
    const reading = { takenAtSeconds: clock.now(), tiers, costs: {}, versions, gpus: gpus.map((gpu) => gpu.reading()) };
    return {
      source: 'simulated',
      driver: 'ok',
      restarts: { hung: 0, crashed: 0 },
      reading,
      enumerated: gpus.length,
      silent: [],
      known: reading.gpus,
      versions,
      xids: ledger.counts(),
      migXids: [],
      xidSources: { nvml_events: true, kernel_log: false },
      reloads: 0,
      releasedUntilSeconds: undefined,
      costs: {},
    };
  }

  function stepAll(second: number): void {
    for (const [index, gpu] of gpus.entries()) {
      ledger.know(index, gpu.uuid);
      const fault = scenario.fault({ node, gpu: index, gpus: gpus.length, firstPod, second });
      gpu.step(second, fault);
      for (const xid of fault?.xids ?? []) {
        ledger.record({ index, uuid: gpu.uuid, xid, atSeconds: Math.floor(clock.now()) });
      }
    }
  }

  return {
    state: () => state,
    start: (onChange) => {
      notify = onChange;
      notify();
      beat.start();
    },
    stop: async () => beat.stop(),
  };
}

/** Multiples of the golden section lie far apart, however many nodes there are. */
function phaseOf(node: number): number {
  return (node * 0.618034) % 1;
}

function processesOn(gpu: number, pods: readonly SimulatedPod[]): readonly SimulatedProcess[] {
  return pods
    .filter(({ gpus }) => gpus.includes(gpu))
    .map((pod) => ({ pid: pidOf(pod, gpu), kind: pod.kind, pod: pod.number, gpusOfPod: pod.gpus.length }));
}
