import { simulatedPods } from '../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { simulatedCluster } from '../cluster.ts';
import { inferenceEventOf } from './scenarios.ts';
import { type SimulatedModel, simulatedModels } from './simulated-models.ts';

/** One server of one model in the simulated cluster. */
export interface SimulatedEngine {
  readonly name: string;
  readonly model: SimulatedModel;
  readonly nodeName: string;
  readonly namespace: string;
  readonly podName: string;
  readonly slow: { readonly fromSecond: number; readonly factor: number } | undefined;
}

export interface SimulatedServingKey {
  readonly seed: number;
  readonly nodes: number;
  /** GPUs of each node. */
  readonly gpus: number;
  /** Any scenario of the fleet; those of other parts leave LLM serving alone. */
  readonly scenario: string;
}

type Place = Pick<SimulatedEngine, 'nodeName' | 'namespace' | 'podName'>;

/** The engines of a fleet, which are as many in a small one as in a large one. The same key gives the same engines. */
export function simulatedEngines(key: SimulatedServingKey): readonly SimulatedEngine[] {
  const { slowModel } = inferenceEventOf(key.scenario);
  const wanted = simulatedModels.flatMap((model: SimulatedModel) =>
    Array.from({ length: model.replicas }, (_, replica) => ({ name: `${model.shortName}-${replica + 1}`, model })),
  );
  const places = placesOf(key, wanted.length);
  return wanted.map(({ name, model }, index) => ({
    name,
    model,
    ...(places[index] ?? withoutGpu(key, index)),
    slow: slowModel?.model === model.name ? slowModel : undefined,
  }));
}

const servingApp = 'chat-api';
/** Engines stand in few pods; nobody needs to look through a fleet of thousands for them. */
const searchedNodes = 20;

/** The pods that serve chats, those of the last node first. */
function placesOf({ seed, nodes, gpus }: SimulatedServingKey, count: number): readonly Place[] {
  const last = simulatedCluster(nodes)
    .nodes.map(({ name }, node) => ({ name, node }))
    .slice(-searchedNodes)
    .reverse();
  return last
    .flatMap(({ name, node }) =>
      simulatedPods({ seed, node, gpus })
        .filter(({ labels }) => labels['app.kubernetes.io/name'] === servingApp)
        .map((pod) => ({ nodeName: name, namespace: pod.namespace, podName: pod.name })),
    )
    .slice(0, count);
}

/** Where too few pods have a part of a GPU for it, an engine computes on the processor. */
function withoutGpu({ nodes }: SimulatedServingKey, index: number): Place {
  const nodeName = simulatedCluster(nodes).nodes.at(-1)?.name ?? '';
  return { nodeName, namespace: 'inference', podName: `${servingApp}-cpu-${index + 1}` };
}
