import { SourceError } from '../../../kit/errors.ts';
import { isObject } from '../json-object.ts';
import { countOf, parseJson } from './json-answer.ts';
import { createSeriesSum } from './series-sum.ts';
import type { UnifiedSeries } from './unified-series.ts';

/** The models that Ollama holds in memory, by its answer to GET /api/ps. Throws SourceError. */
export function loadedModelsOf(text: string): readonly UnifiedSeries[] {
  const answer = parseJson(text);
  const models = isObject(answer) ? answer['models'] : undefined;
  // No model at all is told as null by old versions.
  if (models === null) return [];
  if (!Array.isArray(models)) throw new SourceError('answered without a list of models');
  const sum = createSeriesSum();
  for (const model of models.filter(isObject)) {
    const name = model['name'] ?? model['model'];
    if (typeof name === 'string' && name !== '') addModel(sum.add, name, model);
  }
  return sum.series();
}

function addModel(
  add: (series: UnifiedSeries) => void,
  name: string,
  { size, size_vram }: Readonly<Record<string, unknown>>,
): void {
  add({ name: 'inference_model_loaded', labels: { model_name: name }, value: 1 });
  for (const [kind, bytes] of [['total', countOf(size)] as const, ['gpu', countOf(size_vram)] as const]) {
    if (bytes === undefined) continue;
    add({ name: 'inference_model_memory_bytes', labels: { model_name: name, kind }, value: bytes });
  }
}
