import { createMappingInForce, readMapping } from '../../../../exporters/training/sources/mapping-in-force.ts';

const files: Readonly<Record<string, string>> = {
  first:
    'peak_flops:\n  own: 1e15\nscalars:\n  - my*\nmodels:\n  - run: llama\n    flops_per_token: 6\n    gpu: own\n    gpus: 8\n',
  second: 'scalars:\n  - your*\n',
  bad: 'scalars: 7\n',
};

function readFile(path: string): string {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
  return text;
}

test('a file says which tags are allowed and what is known of a model', () => {
  const { tags, modelOf } = createMappingInForce('first', readFile);
  expect([tags.isAllowed('my tag'), tags.isAllowed('your tag')]).toEqual([true, false]);
  expect(modelOf('llama')?.gpus).toBe(8);
  expect(modelOf('other')).toBeUndefined();
});

test('what was handed out says what is in force after the file has changed', () => {
  const { tags, modelOf, reload } = createMappingInForce('first', readFile);
  reload('second');
  expect([tags.isAllowed('my tag'), tags.isAllowed('your tag')]).toEqual([false, true]);
  expect(modelOf('llama')).toBeUndefined();
  reload(undefined);
  expect(tags.isAllowed('your tag')).toBe(false);
  expect(tags.resolve('train/loss')).toEqual(createMappingInForce(undefined, readFile).tags.resolve('train/loss'));
});

test.each(['bad', 'missing'])('a file that is %s is refused, and the one before stays in force', (file) => {
  const { tags, modelOf, reload } = createMappingInForce('first', readFile);
  expect(() => reload(file)).toThrow(file);
  expect(tags.isAllowed('my tag')).toBe(true);
  expect(modelOf('llama')?.gpus).toBe(8);
});

test('the option is named where its file cannot be read', () => {
  expect(() => readMapping('missing', readFile)).toThrow('--mapping.file cannot be read: ');
});
