import { inferenceCollectors } from '../../../../exporters/inference/collectors/index.ts';
import type { InferenceCollector } from '../../../../exporters/inference/collectors/inference-collector.ts';
import { upstreamsOf } from '../../../../exporters/inference/gateway/gateway-file.ts';
import type { InferenceView } from '../../../../exporters/inference/view.ts';
import { renderExposition } from '../../../../kit/exposition/render.ts';
import { createSampleWriter } from '../../../../kit/exposition/samples.ts';
import { inference } from '../../../../metrics/inference.ts';
import { expectGolden } from '../../../support/golden.ts';

const [first, second] = upstreamsOf(['http://10.0.0.5:8000', 'https://api.example.com']);
if (first === undefined || second === undefined) throw new Error('there are two');

const busy: InferenceView = {
  proxy: {
    upstreams: [
      {
        upstream: { ...first, kind: 'vllm' },
        name: first.name,
        weight: 1,
        active: 3,
        waiting: 7,
        sentSince: 0,
        isUp: true,
      },
      { upstream: second, name: second.name, weight: 1, active: 0, waiting: undefined, sentSince: 0, isUp: false },
    ],
    tenants: [
      { tenant: 'web', waiting: 2, budgets: [{ period: 'day', limit: 1_000_000, used: 123_456 }] },
      { tenant: 'unknown', waiting: 0, budgets: [] },
    ],
    connections: 12,
    keys: 3,
  },
  qualities: [
    { modelName: 'llama-3.1-8b', dataset: 'mmlu', accuracy: 0.683, threshold: 0.65, pushedAt: 1_795_000_000 },
    { modelName: 'llama-3.1-8b', dataset: '', accuracy: 0.9, threshold: undefined, pushedAt: 1_795_000_100 },
  ],
};

async function collect(collector: InferenceCollector, view: InferenceView): Promise<string> {
  const { families, ...writer } = createSampleWriter(inference);
  const fail = (reason: string): void => {
    throw new Error(`${collector.name} failed: ${reason}`);
  };
  await collector.collect(view, { ...writer, fail, signal: new AbortController().signal });
  return renderExposition('text', families());
}

test.each(inferenceCollectors.map((collector) => [collector.name, collector] as const))(
  '%s',
  async (name, collector) => {
    expectGolden(`inference/proxy/${name}.prom`, await collect(collector, busy));
  },
);

test('without a proxy and qualities there is nothing', async () => {
  for (const collector of inferenceCollectors)
    expect(await collect(collector, { proxy: undefined, qualities: [] })).toBe('');
});
