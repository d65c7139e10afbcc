import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import { type SimulatedPod, simulatedPods } from '../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { simulatedCluster } from '../cluster.ts';
import { isTrainingScenario, type RunFault, type TrainingScenario, trainingScenarios } from './scenarios.ts';
import { type SimulatedFramework, simulatedFrameworks } from './simulated-frameworks.ts';

/** Determines all that a run does. */
export interface RunKey {
  readonly seed: number;
  /** Number of the node in its fleet, from 0. */
  readonly node: number;
  /** Number of the pod on its node, from 0. */
  readonly pod: number;
  readonly framework: SimulatedFramework;
  /** One for each GPU of the pod. */
  readonly ranks: number;
  readonly fault: RunFault;
}

/** One training pod of the simulated cluster. */
export interface SimulatedRun extends RunKey {
  readonly nodeName: string;
  readonly namespace: string;
  readonly podName: string;
  readonly podUid: string;
  readonly container: string;
}

export interface SimulatedRunsKey {
  readonly seed: number;
  readonly nodes: number;
  /** GPUs of each node. */
  readonly gpus: number;
  /** Any scenario of the fleet; those of GPUs leave the runs alone. */
  readonly scenario: string;
}

/** The training runs of a fleet, those of the first node first. The same key gives the same runs. */
export function simulatedRuns(key: SimulatedRunsKey): readonly SimulatedRun[] {
  const scenario: TrainingScenario | undefined = isTrainingScenario(key.scenario)
    ? trainingScenarios[key.scenario]
    : undefined;
  const places = simulatedCluster(key.nodes).nodes.flatMap(({ name }, node) =>
    simulatedPods({ seed: key.seed, node, gpus: key.gpus })
      .filter(({ kind }) => kind === 'training')
      .map((pod) => ({ pod, node, nodeName: name })),
  );
  return places.map(({ pod, node, nodeName }, index) => {
    const struck = index === 0 ? scenario : undefined;
    const framework = struck?.framework ?? frameworkOf(key.seed, index);
    return {
      ...identityOf(pod),
      seed: key.seed,
      node,
      nodeName,
      framework,
      fault: struck?.fault(pod.gpus.length) ?? {},
    };
  });
}

/** So many runs write at most: more would fill the disk of a laptop and show nothing new. */
export const maxRuns = 64;

/** The runs of a fleet that write files. */
export function writingRuns(key: SimulatedRunsKey): readonly SimulatedRun[] {
  return simulatedRuns(key).slice(0, maxRuns);
}

function identityOf({ number, namespace, name, uid, container, gpus }: SimulatedPod) {
  return { pod: number, ranks: gpus.length, namespace, podName: name, podUid: uid, container };
}

/** In turn, so that a small fleet has them all; with which one it begins is up to the seed. */
function frameworkOf(seed: number, index: number): SimulatedFramework {
  const first = Math.max(0, seed - 1);
  return simulatedFrameworks[(first + index) % simulatedFrameworks.length] ?? 'megatron';
}

/** Folder of the run as the kubelet names those of pod logs: namespace, pod and uid. */
export function runFolderName({ namespace, podName, podUid }: SimulatedRun): string {
  return `${namespace}_${podName}_${podUid}`;
}

/** Process that writes the event files; another one after each start of the program. */
export function writerPid({ seed, node, pod }: RunKey, attempt: number): number {
  return 100 + Math.floor(noise(seed, node, pod, 108, attempt) * 30_000);
}
