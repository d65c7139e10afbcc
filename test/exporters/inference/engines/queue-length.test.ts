import { queueLengthOf } from '../../../../exporters/inference/engines/queue-length.ts';
import type { EngineKind } from '../../../../metrics/engines/engine.ts';
import { engineFixture } from '../../../support/engine-fixtures.ts';

test.each<[EngineKind, string, number | undefined, number | undefined]>([
  ['vllm', 'vllm', 3, 12],
  ['vllm', 'vllm-before-0.11', 3, 12],
  ['sglang', 'sglang', 6, 11],
  ['tgi', 'tgi', 4, 9],
  ['triton', 'triton', 6, 6],
  ['tensorrt_llm', 'tensorrt-llm', 2, 4],
  ['llamacpp', 'llamacpp', 1, 2],
  ['ray_serve', 'ray-serve', 5, 15],
  ['litellm', 'litellm', undefined, 3],
  ['kserve', 'kserve', undefined, undefined],
])('%s by the page %s: waiting %s, running %s', (kind, page, waiting, running) => {
  expect(queueLengthOf(kind, engineFixture(page))).toEqual({ waiting, running });
});

test('an idle engine has 0, one that does not tell has undefined', () => {
  expect(queueLengthOf('vllm', 'vllm:num_requests_waiting{model_name="m"} 0\n')).toEqual({
    waiting: 0,
    running: undefined,
  });
});

test('what is no metrics page is refused', () => {
  expect(() => queueLengthOf('vllm', '<html>\n')).toThrow('no metrics for Prometheus');
});
