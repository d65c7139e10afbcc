import fc from 'fast-check';
import { createTagMap, tagTables } from '../../../../exporters/training/schema/create-tag-map.ts';
import { frameworks } from '../../../../exporters/training/schema/frameworks.ts';
import { emptyMapping } from '../../../../exporters/training/schema/mapping.ts';
import { compilePattern } from '../../../../exporters/training/schema/tags/pattern.ts';

const builtIn = createTagMap(emptyMapping);

test.each([
  ['train/loss', 'loss', 1, 'steps', undefined],
  ['eval/runtime', 'evaluation_seconds', 1, 'steps', 'huggingface'],
  ['train/train_runtime', 'finished', 1, 'steps', 'huggingface'],
  ['train_loss', 'loss', 1, 'steps', undefined],
  ['Loss/train', 'loss', 1, 'steps', undefined],
  ['Loss/test', 'eval_loss', 1, 'steps', undefined],
  ['train/loss_step', 'loss', 1, 'steps', 'lightning'],
  ['val_loss_epoch', 'eval_loss', 1, 'steps', 'lightning'],
  ['lr-AdamW', 'learning_rate', 1, 'steps', 'lightning'],
  ['lr-AdamW/pg1', 'learning_rate', 1, 'steps', 'lightning'],
  ['lr-AdamW/pg2', undefined, 1, 'steps', 'lightning'],
  ['train|device/mfu', 'mfu_ratio', 1, 'steps', 'lightning'],
  ['lm loss', 'loss', 1, 'steps', 'megatron'],
  ['lm loss vs samples', undefined, 1, 'steps', 'megatron'],
  ['lm loss validation ppl', 'eval_perplexity', 1, 'steps', 'megatron'],
  ['lm loss validation vs samples', undefined, 1, 'steps', 'megatron'],
  ['throughput', 'flops_per_second_per_gpu', 1e12, 'steps', 'megatron'],
  ['mfu(%)', 'mfu_ratio', 0.01, 'steps', 'torchtitan'],
  ['memory/max_reserved(GiB)', 'memory_reserved_bytes', 1073741824, 'steps', 'torchtitan'],
  ['throughput(tps)', 'tokens_per_second_per_gpu', 1, 'steps', 'torchtitan'],
  ['validation_metrics/max_loss', undefined, 1, 'steps', 'torchtitan'],
  ['train_step_timing in s', 'step_seconds', 1, 'steps', 'nemo'],
  ['Train/Samples/train_loss', 'loss', 1, 'samples', 'deepspeed'],
  ['Train/Samples/elapsed_time_ms_step', 'optimizer_seconds', 0.001, 'samples', 'deepspeed'],
  ['Logloss', 'loss', 1, 'steps', 'catboost'],
  ['grad_norm', 'grad_norm', 1, 'steps', undefined],
  ['hp_metric', undefined, 1, 'steps', undefined],
])('%s', (tag, quantity, scale, axis, framework) => {
  expect(builtIn.resolve(tag)).toEqual({ quantity, scale, axis, framework });
});

test.each(['', 'foo', 'dup_steps/foo', 'Lm Loss', 'constructor', '__proto__', 'toString'])(
  '%j is in no table',
  (tag) => {
    expect(builtIn.resolve(tag)).toBeUndefined();
    expect(builtIn.isAllowed(tag)).toBe(false);
  },
);

test('every table is of a framework of its own', () => {
  const tables = tagTables.map(({ framework }) => framework);
  expect(new Set(tables).size).toBe(tables.length);
  expect([...tables].sort()).toEqual(frameworks.filter((framework) => framework !== 'custom').sort());
});

test('a tag that two tables have means the same in both', () => {
  const meanings = new Map<string, unknown>();
  for (const { tags } of tagTables) {
    for (const [tag, row] of Object.entries(tags)) {
      expect({ tag, row: meanings.get(tag) ?? row }).toEqual({ tag, row });
      meanings.set(tag, row);
    }
  }
});

test('rules of the mapping come first, in their order', () => {
  const rule = { scale: 1, axis: 'steps', framework: undefined } as const;
  const map = createTagMap({
    ...emptyMapping,
    tags: [
      { ...rule, tag: 'lm loss', quantity: undefined },
      { ...rule, tag: 'my/*/ms', quantity: 'step_seconds', scale: 0.001, axis: 'samples', framework: 'custom' },
      { ...rule, tag: 'my/*', quantity: 'loss' },
    ],
    scalars: ['reward/*', 'kl'],
  });
  expect(map.resolve('lm loss')?.quantity).toBeUndefined();
  expect(map.resolve('my/step/ms')).toEqual({
    quantity: 'step_seconds',
    scale: 0.001,
    axis: 'samples',
    framework: 'custom',
  });
  expect(map.resolve('my/step')?.quantity).toBe('loss');
  expect(map.resolve('train/loss')?.quantity).toBe('loss');
  expect(['reward/mean', 'kl', 'kl2', 'a reward/'].map(map.isAllowed)).toEqual([true, true, false, false]);
});

describe('patterns', () => {
  test('match as the regular expression of the same meaning does', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', '/'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/'), maxLength: 12 });
    fc.assert(
      fc.property(word, text, (pattern, given) => {
        const expression = new RegExp(`^${pattern.split('*').map(escaped).join('[^]*')}$`);
        expect(compilePattern(pattern)(given)).toBe(expression.test(given));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['*ab*b', 'ab', false],
    ['*ab*b', 'abb', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['**', '', true],
  ])('%s on %s', (pattern, text, expected) => {
    expect(compilePattern(pattern)(text)).toBe(expected);
  });

  test('of many stars cost no more than the text is long', () => {
    expect(compilePattern(`${'a*'.repeat(2000)}b`)('a'.repeat(100_000))).toBe(false);
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
