import { toYaml } from '../../../../cli/generate/yaml.ts';
import { proxyFile } from '../../../../cli/simulate/inference/proxy-file.ts';
import { simulatedQualities } from '../../../../cli/simulate/inference/push-qualities.ts';
import { inferenceScenarios, slowModelName } from '../../../../cli/simulate/inference/scenarios.ts';
import { simulatedEngines } from '../../../../cli/simulate/inference/simulated-engines.ts';
import { simulatedModel, simulatedModels } from '../../../../cli/simulate/inference/simulated-models.ts';
import { keysFileOf, simulatedTenants } from '../../../../cli/simulate/inference/simulated-tenants.ts';
import { aboutScenario, scenarioNames } from '../../../../cli/simulate/scenarios.ts';
import { simulatedPods } from '../../../../exporters/gpu/sources/simulated/simulated-pods.ts';
import { parseGateway } from '../../../../exporters/inference/gateway/gateway-file.ts';
import { parseKeys, tenantOfKey } from '../../../../exporters/inference/gateway/key-file.ts';
import { parseQuality } from '../../../../exporters/inference/quality/quality-message.ts';

const key = { seed: 1, nodes: 6, gpus: 8, scenario: 'healthy' };

test('engines run in pods that the GPU exporter shows for inference, and where these are too few without a GPU', () => {
  const pods = Array.from({ length: key.nodes }, (_, node) => simulatedPods({ seed: 1, node, gpus: 8 })).flat();
  const engines = simulatedEngines(key);
  for (const { podName, namespace } of engines)
    expect(pods.find(({ name }) => name === podName)).toMatchObject({ kind: 'inference', namespace });
  expect(new Set(engines.map(({ podName }) => podName)).size).toBe(engines.length);
  const small = simulatedEngines({ ...key, nodes: 1 });
  expect(small.map(({ name }) => name)).toEqual(engines.map(({ name }) => name));
  for (const { podName, nodeName } of small)
    expect([podName, nodeName]).toEqual([expect.stringMatching(/-cpu-\d$/), 'sim-1']);
});

test('the same key has the same engines and tenants, and each seed keys of its own', () => {
  expect(simulatedEngines(key)).toEqual(simulatedEngines(key));
  expect(simulatedTenants(key)).toEqual(simulatedTenants(key));
  const keys = [1, 2].flatMap((seed) => simulatedTenants({ ...key, seed }).map(({ apiKey }) => apiKey));
  expect(new Set(keys).size).toBe(keys.length);
});

test('the proxy understands what is written for it: who may do what, whose key it is', () => {
  const tenants = simulatedTenants(key);
  const engines = simulatedEngines(key).map((engine, index) => ({
    ...engine,
    url: `http://127.0.0.1:${8000 + index}`,
  }));
  const gateway = parseGateway('proxy.yml', toYaml(proxyFile(engines, tenants), 'a test'), []);
  expect(gateway.upstreams.map(({ name, kind }) => [name, kind])).toEqual(
    engines.map(({ name, model }) => [name, model.kind]),
  );
  expect(gateway.models).toEqual(simulatedModels.map(({ name }) => name));
  expect([...gateway.tenants.keys()]).toEqual(tenants.map(({ name }) => name));
  const text = keysFileOf(tenants);
  const keys = parseKeys('keys', text);
  for (const { name, apiKey } of tenants) {
    expect(tenantOfKey(keys, apiKey)).toBe(name);
    expect(text).not.toContain(apiKey);
  }
});

test('scenarios of other parts leave LLM serving alone', () => {
  for (const scenario of scenarioNames.filter((name) => !Object.hasOwn(inferenceScenarios, name))) {
    expect(simulatedEngines({ ...key, scenario })).toEqual(simulatedEngines(key));
    expect(simulatedTenants({ ...key, scenario })).toEqual(simulatedTenants(key));
  }
});

test('every scenario of LLM serving can be chosen and tells its cause', () => {
  for (const [name, { about }] of Object.entries(inferenceScenarios)) {
    const known = scenarioNames.find((each) => each === name);
    expect(known === undefined ? undefined : aboutScenario(known)).toBe(about);
  }
});

test('the model that becomes slow has one engine, so that no other takes over', () => {
  expect(simulatedModel(slowModelName).replicas).toBe(1);
  const slow = simulatedEngines({ ...key, scenario: 'slow-inference' }).filter((engine) => engine.slow !== undefined);
  expect(slow.map(({ model }) => model.name)).toEqual([slowModelName]);
});

test('the exporter understands the qualities of models, and each is good enough', () => {
  const qualities = simulatedQualities(1);
  expect(new Set(qualities.map(({ model_name }) => model_name))).toEqual(
    new Set(simulatedModels.map(({ name }) => name)),
  );
  for (const quality of qualities) {
    expect(parseQuality(JSON.stringify(quality))).toMatchObject({
      dataset: quality.dataset,
      accuracy: quality.accuracy,
    });
    expect(quality.accuracy).toBeGreaterThan(quality.threshold);
  }
});
