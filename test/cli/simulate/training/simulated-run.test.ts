import { toYaml } from '../../../../cli/generate/yaml.ts';
import { modelMapping } from '../../../../cli/simulate/training/model-mapping.ts';
import { peakFlops, shapeOf } from '../../../../cli/simulate/training/run-shape.ts';
import { simulatedFrameworks } from '../../../../cli/simulate/training/simulated-frameworks.ts';
import { runFolderName, simulatedRuns } from '../../../../cli/simulate/training/simulated-run.ts';
import { simulatedPods } from '../../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { modelOf } from '../../../../exporters/training/schema/mapping.ts';
import { parseMapping } from '../../../../exporters/training/schema/mapping-file.ts';

const key = { seed: 1, nodes: 6, gpus: 8, scenario: 'healthy' };

test('each training pod that the GPU exporter shows is one run, and nothing else is', () => {
  const pods = Array.from({ length: key.nodes }, (_, node) => simulatedPods({ seed: 1, node, gpus: 8 })).flat();
  const training = pods.filter(({ kind }) => kind === 'training');
  expect(
    simulatedRuns(key).map(({ namespace, podName, podUid, ranks }) => ({ namespace, podName, podUid, ranks })),
  ).toEqual(
    training.map(({ namespace, name, uid, gpus }) => ({ namespace, podName: name, podUid: uid, ranks: gpus.length })),
  );
});

test('the fleet that people start with has every framework, and the seed chooses with which one it begins', () => {
  const runs = simulatedRuns({ ...key, nodes: 2 });
  expect(new Set(runs.map(({ framework }) => framework))).toEqual(new Set(simulatedFrameworks));
  const firsts = [1, 2, 3, 4].map((seed) => simulatedRuns({ ...key, seed })[0]?.framework);
  expect(firsts).toEqual(simulatedFrameworks);
});

test('scenarios of GPUs leave the runs alone', () => {
  expect(simulatedRuns({ ...key, scenario: 'xid79' })).toEqual(simulatedRuns(key));
});

test('folders are named as the kubelet names those of pod logs, and never the same twice', () => {
  const names = simulatedRuns(key).map(runFolderName);
  for (const name of names) expect(name).toMatch(/^[a-z0-9-]+_[a-z0-9-]+_[0-9a-f-]{36}$/);
  expect(new Set(names).size).toBe(names.length);
});

test('the training exporter understands what it is told of their models, and finds each run there', () => {
  const runs = simulatedRuns(key);
  const mapping = parseMapping('mapping.yml', toYaml(modelMapping(runs), 'a test'));
  for (const run of runs) {
    const model = modelOf(mapping, `${run.namespace}/${run.podName}`);
    const { flopsPerToken } = shapeOf(run);
    expect(model).toMatchObject({
      gpus: run.ranks,
      sequenceLength: 4096,
      flopsPerToken,
      peakFlopsPerSecond: peakFlops,
    });
  }
});
