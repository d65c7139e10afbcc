import { loadedModelsOf } from '../../../../exporters/inference/engines/ollama-models.ts';
import { kvUsageOf } from '../../../../exporters/inference/engines/slots.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { engineFixture } from '../../../support/engine-fixtures.ts';

test('the usage is that of the slots that work, over all slots', () => {
  expect(kvUsageOf(engineFixture('llamacpp', 'slots.json'))).toBe((1500 + 548 + 1024) / (4 * 4096));
});

const slot = { n_ctx: 100, is_processing: true, n_prompt_tokens: 30, next_token: { n_decoded: 10 } };

test.each<[string, unknown, number | undefined]>([
  ['a prompt whose parts are not told, and the next token as one object', [slot], 0.4],
  ['more tokens than there is room', [{ ...slot, n_prompt_tokens: 500 }], 1],
  ['idle slots', [{ ...slot, is_processing: false }], 0],
  ['no slots', [], undefined],
  ['slots without size', [{ ...slot, n_ctx: undefined }], undefined],
  ['slots of size 0', [{ ...slot, n_ctx: 0 }], undefined],
  ['a negative count', [{ ...slot, n_prompt_tokens: -1 }], undefined],
  ['a slot that does not tell its tokens', [{ n_ctx: 100, is_processing: true }], undefined],
  ['an error', { error: { code: 501 } }, undefined],
])('the usage by %s', (_what, answer, usage) => expect(kvUsageOf(JSON.stringify(answer))).toBe(usage));

test('models that are loaded, with their memory', () => {
  expect(
    loadedModelsOf(engineFixture('ollama', 'ps.json')).map(({ name, labels, value }) => [name, labels, value]),
  ).toEqual([
    ['inference_model_loaded', { model_name: 'llama3.2:latest' }, 1],
    ['inference_model_memory_bytes', { model_name: 'llama3.2:latest', kind: 'total' }, 3826784256],
    ['inference_model_memory_bytes', { model_name: 'llama3.2:latest', kind: 'gpu' }, 3826784256],
    ['inference_model_loaded', { model_name: 'qwen2.5:32b' }, 1],
    ['inference_model_memory_bytes', { model_name: 'qwen2.5:32b', kind: 'total' }, 22845000000],
    ['inference_model_memory_bytes', { model_name: 'qwen2.5:32b', kind: 'gpu' }, 17000000000],
  ]);
});

test('no model is loaded', () => {
  expect(loadedModelsOf('{"models":[]}')).toEqual([]);
  expect(loadedModelsOf('{"models":null}')).toEqual([]);
});

test('a size that is not told is missing', () => {
  expect(loadedModelsOf('{"models":[{"name":"a","size":"big"},{"size":1},null,7]}')).toHaveLength(1);
});

test.each(['', '{', '[]', '{}', '"models"'])('an answer that is none is refused: %j', (text) => {
  expect(() => loadedModelsOf(text)).toThrow(SourceError);
});
