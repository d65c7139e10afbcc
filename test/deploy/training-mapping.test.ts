import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTagMap } from '../../exporters/training/schema/create-tag-map.ts';
import { modelOf } from '../../exporters/training/schema/mapping.ts';
import { parseMapping } from '../../exporters/training/schema/mapping-file.ts';
import { knownGpus, peakFlopsOf } from '../../exporters/training/schema/peak-flops.ts';
import { quantities } from '../../exporters/training/schema/quantities.ts';
import { tableRows } from '../laws/documents.ts';
import { codeBlocks } from './code-blocks.ts';
import { root } from './manifests.ts';

const guide = readFileSync(join(root, 'docs/guides/training-mapping.md'), 'utf8');
const [example = '', ...others] = codeBlocks(guide, 'yaml');
const mapping = parseMapping('mapping.yaml', example);

test('the example of the guide is one that the exporter takes, and means what it says', () => {
  expect(others).toEqual([]);
  const tags = createTagMap(mapping);
  expect(tags.resolve('my_objective')?.quantity).toBe('loss');
  expect(tags.resolve('val/cats/acc')?.quantity).toBe('eval_accuracy');
  expect(tags.resolve('timing/step_ms')).toMatchObject({ quantity: 'step_seconds', scale: 0.001 });
  expect(tags.resolve('perf/tokens_per_sec')?.framework).toBe('custom');
  expect(tags.resolve('loss_by_samples')?.axis).toBe('samples');
  expect(tags.resolve('debug/x')).toMatchObject({ quantity: undefined });
  expect(['moe/load', 'reward', 'other'].map(tags.isAllowed)).toEqual([true, true, false]);
  expect(modelOf(mapping, 'llama-7b-3')).toMatchObject({
    flopsPerToken: 6 * 6.74e9,
    peakFlopsPerSecond: 989.5e12,
    gpus: 64,
    sequenceLength: 4096,
  });
  expect(modelOf(mapping, 'moe-a')).toMatchObject({ flopsPerToken: 2.1e11, peakFlopsPerSecond: 4e14 });
});

test('the guide has every key of a rule and of a model, and the example uses each of them', () => {
  const keys = ['Key', 'Key of a model'].flatMap((heading) =>
    tableRows(guide, `${heading} |`).flatMap(([cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, key]) => key)),
  );
  expect(keys).toEqual([
    ...['tag', 'as', 'scale', 'axis', 'framework'],
    ...['run', 'parameters', 'flops_per_token', 'gpu', 'gpus', 'tokens_per_step', 'sequence_length'],
  ]);
  expect(keys.filter((key) => !new RegExp(`\\b${key}:`).test(example))).toEqual([]);
});

test('the guide has every quantity with its role', () => {
  const rows = tableRows(guide, 'Quantity').map(([name, role]) => [name, role]);
  expect(rows).toEqual(Object.entries(quantities).map(([name, { role }]) => [`\`${name}\``, role]));
});

test('the guide has every GPU with its peak', () => {
  const rows = tableRows(guide, 'GPU |');
  expect(rows).toEqual(knownGpus.map((gpu) => [gpu, `${(peakFlopsOf(gpu) ?? Number.NaN) / 1e12}`]));
});
