const horizons = ['24h', '7d', '30d'] as const;
const gpusOfNode = 8;
const nodesOfRack = 8;

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

/** What a Prometheus answers about a made-up fleet of so many GPUs; the same size gives the same values, as of now. */
export interface FleetSeries {
  readonly answerTo: (query: string, isRange: boolean) => string;
}

/** Series by name, in the labels that the queries of the risk page keep. */
const series: Readonly<Record<string, (gpus: readonly Gpu[]) => readonly Sample[]>> = {
  prediction_failure_probability: (gpus) =>
    gpus.flatMap(({ labels, risk }) => horizons.map((horizon, index) => [{ ...labels, horizon }, risk * (index + 1)])),
  prediction_failure_base_probability: () => horizons.map((horizon) => [{ kind: 'gpu', horizon }, 0.002]),
  prediction_failure_layer_info: () => horizons.map((horizon) => [{ horizon, layer: 'model' }, 1]),
  prediction_rule_hit: (gpus) =>
    gpus
      .filter((_, index) => index % 97 === 0)
      .map(({ labels }) => [{ ...labels, rule: 'row_remapping_failed', severity: 'critical' }, 1]),
  gpu_info: (gpus) => gpus.map(({ labels, index }) => [{ ...labels, gpu_id: String(index), model: 'NVIDIA H200' }, 1]),
  gpu_pod_info: (gpus) =>
    gpus.map(({ labels, at }) => [{ ...labels, namespace: `team-${at % 40}`, pod: `train-${at % 900}` }, 1]),
  up: (gpus) => nodesOf(gpus).map(({ cluster, node, rack }) => [{ cluster, node, rack }, 1]),
};

/** All that the panel of failure prediction reads of a fleet without a prediction service. */
export const seriesNames = Object.keys(series);

interface Gpu {
  readonly at: number;
  readonly index: number;
  readonly risk: number;
  readonly labels: { readonly cluster: string; readonly node: string; readonly uuid: string };
}

export function fleetSeries(count: number): FleetSeries {
  const gpus = Array.from({ length: count }, (_, at) => gpuAt(at));
  const atSeconds = Math.floor(Date.now() / 1000);
  const bodies = new Map<string, string>();
  return {
    answerTo: (query, isRange) => {
      if (isRange) return bodyOf('matrix', []);
      const known = bodies.get(query);
      if (known !== undefined) return known;
      const result = samplesOf(query, gpus).map(([metric, value]) => ({ metric, value: [atSeconds, String(value)] }));
      const body = bodyOf('vector', result);
      bodies.set(query, body);
      return body;
    },
  };
}

function gpuAt(at: number): Gpu {
  const node = `node-${String(Math.floor(at / gpusOfNode)).padStart(4, '0')}`;
  const uuid = `GPU-${String(at).padStart(8, '0')}-0000-4000-8000-${String(at * 7919).padStart(12, '0')}`;
  // Few stick out, as in a real fleet.
  const risk = 0.0005 / (0.003 + ((at * 7919) % 9973) / 9973);
  return { at, index: at % gpusOfNode, risk, labels: { cluster: 'bench', node, uuid } };
}

function nodesOf(gpus: readonly Gpu[]): readonly { cluster: string; node: string; rack: string }[] {
  return gpus
    .filter(({ index }) => index === 0)
    .map(({ at, labels: { cluster, node } }) => ({
      cluster,
      node,
      rack: `rack-${Math.floor(at / gpusOfNode / nodesOfRack)}`,
    }));
}

function samplesOf(query: string, gpus: readonly Gpu[]): readonly Sample[] {
  const name = seriesNames.find((each) => new RegExp(`\\b${each}\\b`).test(query)) ?? '';
  const horizon = /horizon="(\w+)"/.exec(query)?.[1];
  return (series[name]?.(gpus) ?? [])
    .filter(([labels]) => horizon === undefined || labels['horizon'] === horizon)
    .map(([labels, value]) => [{ __name__: name, ...labels }, value]);
}

function bodyOf(resultType: string, result: readonly object[]): string {
  return JSON.stringify({ status: 'success', data: { resultType, result } });
}
