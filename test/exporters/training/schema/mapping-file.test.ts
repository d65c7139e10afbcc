import fc from 'fast-check';
import { emptyMapping, modelOf } from '../../../../exporters/training/schema/mapping.ts';
import { parseMapping } from '../../../../exporters/training/schema/mapping-file.ts';
import { knownGpus, peakFlopsOf } from '../../../../exporters/training/schema/peak-flops.ts';
import { ConfigError } from '../../../../kit/errors.ts';

const whole = `
tags:
  - tag: my/loss
    as: loss
  - {tag: "my/*_ms", as: step_seconds, scale: 0.001, axis: samples, framework: custom}
  - {tag: debug/*, as: ignore}
scalars: [reward/*, kl]
models:
  - {run: llama-70b*, parameters: 70.6e9, gpu: NVIDIA H100 80GB HBM3, gpus: 64, sequence_length: 8192}
  - {run: "*", flops_per_token: 4.2e10, gpu: Own GPU, tokens_per_step: 4194304}
peak_flops:
  Own GPU: 1.0e15
`;

test('reads every key', () => {
  const mapping = parseMapping('mapping.yaml', whole);
  expect(mapping.tags).toEqual([
    { tag: 'my/loss', quantity: 'loss', scale: 1, axis: 'steps', framework: undefined },
    { tag: 'my/*_ms', quantity: 'step_seconds', scale: 0.001, axis: 'samples', framework: 'custom' },
    { tag: 'debug/*', quantity: undefined, scale: 1, axis: 'steps', framework: undefined },
  ]);
  expect(mapping.scalars).toEqual(['reward/*', 'kl']);
  expect(modelOf(mapping, 'llama-70b-r3')).toEqual({
    run: 'llama-70b*',
    flopsPerToken: 6 * 70.6e9,
    peakFlopsPerSecond: 989.5e12,
    gpus: 64,
    tokensPerStep: undefined,
    sequenceLength: 8192,
  });
  expect(modelOf(mapping, 'other')).toMatchObject({
    flopsPerToken: 4.2e10,
    peakFlopsPerSecond: 1e15,
    tokensPerStep: 4194304,
  });
  expect(modelOf(emptyMapping, 'other')).toBeUndefined();
});

test.each(['', '# nothing\n', '---\n', 'tags:\nscalars:\nmodels:\npeak_flops:\n'])('%j maps nothing', (text) => {
  expect(parseMapping('mapping.yaml', text)).toEqual(emptyMapping);
});

test.each([
  ['tags: 3', 'mapping.yaml: tags must be a list, got 3'],
  ['- a', 'mapping.yaml must be keys and values, got ["a"]'],
  [
    'tag: []',
    'mapping.yaml has the unknown key tag; it may have tags, scalars, models, peak_flops; did you mean tags?',
  ],
  ['tags: [{tag: a, as: losss}]', 'got "losss"; did you mean loss?'],
  ['tags: [{tag: a, as: losss}]', 'mapping.yaml: tags[0].as must be one of ignore, loss, eval_loss,'],
  ['tags: [{tag: a}]', 'mapping.yaml: tags[0].as must be one of'],
  ['tags: [{as: loss}]', 'mapping.yaml: tags[0].tag must be a text of 1 to 500 characters, got undefined'],
  ['tags: [{tag: a, as: loss, scale: 0}]', 'mapping.yaml: tags[0].scale must be a number other than 0, got 0'],
  ['tags: [{tag: a, as: loss, scale: .nan}]', 'mapping.yaml: tags[0].scale must be a number other than 0, got NaN'],
  [
    'tags: [{tag: a, as: loss, axis: step}]',
    'mapping.yaml: tags[0].axis must be one of steps, samples, got "step"; did you mean steps?',
  ],
  ['tags: [{tag: a, as: loss, framework: torchtitn}]', 'did you mean torchtitan?'],
  [
    'tags: [{tag: a, as: loss, sclae: 1}]',
    'tags[0] has the unknown key sclae; it may have tag, as, scale, axis, framework; did you mean scale?',
  ],
  ['scalars: [1]', 'mapping.yaml: scalars[0] must be a text of 1 to 500 characters, got 1'],
  ['scalars: [""]', 'mapping.yaml: scalars[0] must be a text'],
  [
    'models: [{run: a, gpu: H100}]',
    'mapping.yaml: models[0] must have either parameters or flops_per_token, it has neither',
  ],
  ['models: [{run: a, gpu: H100, parameters: 1, flops_per_token: 1}]', 'it has both'],
  [
    'models: [{run: a, gpu: H100, parameters: many}]',
    'mapping.yaml: models[0].parameters must be a number above 0, got "many"',
  ],
  ['models: [{run: a, gpu: H1000, parameters: 1}]', 'got "H1000"; did you mean H100?'],
  ['models: [{run: a, parameters: 1}]', 'mapping.yaml: models[0].gpu must be a text'],
  ['peak_flops: {X: -1}', 'mapping.yaml: peak_flops.X must be a number above 0, got -1'],
  ['peak_flops: [1]', 'mapping.yaml: peak_flops must be keys and values, got [1]'],
  ['tags: [', 'mapping.yaml:'],
])('%s is refused', (text, message) => {
  expect(() => parseMapping('mapping.yaml', text)).toThrow(ConfigError);
  expect(() => parseMapping('mapping.yaml', text)).toThrow(message);
});

test('sizes are bounded', () => {
  const rules = `tags:\n${'- {tag: a, as: loss}\n'.repeat(2001)}`;
  expect(() => parseMapping('m', rules)).toThrow('m: tags has 2001 entries; at most 2000 are allowed');
  const peaks = `peak_flops:\n${Array.from({ length: 501 }, (_, index) => `  g${index}: 1\n`).join('')}`;
  expect(() => parseMapping('m', peaks)).toThrow('m: peak_flops must be at most 500 keys');
  expect(() => parseMapping('m', `scalars: [${'a'.repeat(501)}]`)).toThrow('m: scalars[0] must be a text');
});

test('any document is a mapping or a ConfigError', () => {
  const rule = fc.record({ tag: fc.anything(), as: fc.anything(), scale: fc.anything() }, { requiredKeys: [] });
  const document = fc.record({
    tags: fc.oneof(fc.anything(), fc.array(rule)),
    models: fc.anything(),
    scalars: fc.anything(),
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        document.map((value) => JSON.stringify(value)),
      ),
      (text) => {
        try {
          parseMapping('m', text);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      },
    ),
  );
});

describe('peaks', () => {
  test.each([
    ['NVIDIA H100 80GB HBM3', 989.5],
    ['NVIDIA H100 PCIe', 756.5],
    ['NVIDIA H100 NVL', 835.5],
    ['NVIDIA H200', 989.5],
    ['NVIDIA A100-SXM4-80GB', 312],
    ['NVIDIA GB200', 2500],
    ['NVIDIA L40S', 362.05],
    ['NVIDIA L4', 121],
    ['Tesla V100-SXM2-32GB', 125],
    ['Tesla V100-PCIE-16GB', 112],
    ['AMD Instinct MI300X', 1307.4],
    ['AMD Instinct MI250X', 191.5],
  ])('%s', (gpu, teraflops) => {
    expect(peakFlopsOf(gpu)).toBe(teraflops * 1e12);
  });

  test('every name is found by itself, and what is unknown is not', () => {
    for (const gpu of knownGpus) expect(peakFlopsOf(gpu)).toBeGreaterThan(0);
    expect(['', 'GeForce GT 710', 'H1000', 'XH100'].map(peakFlopsOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
