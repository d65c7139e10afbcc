import { join } from 'node:path';
import { jsonReport } from '../../../cli/training-inspect/json-report.ts';
import { seriesOf, unitOf } from '../../../cli/training-inspect/quantity-series.ts';
import { createTagNotes } from '../../../cli/training-inspect/read/tag-notes.ts';
import { createTagMap } from '../../../exporters/training/schema/create-tag-map.ts';
import { emptyMapping } from '../../../exporters/training/schema/mapping.ts';
import { quantityNames } from '../../../exporters/training/schema/quantities.ts';
import { training } from '../../../metrics/training.ts';
import { ascii, events, inspect, newFolder, optionsOf, removeFolders, textOf, write } from './inspection.ts';

afterAll(removeFolders);

test('each tag with what becomes of it and its last value in base units', async () => {
  const folder = newFolder();
  const values = [
    { tag: 'loss_metrics/global_avg_loss', value: 2 },
    { tag: 'mfu(%)', value: 41 },
    { tag: 'memory/max_active(GiB)', value: 3 },
    { tag: 'memory/num_ooms', value: 0 },
    { tag: 'my/own', value: 7 },
  ];
  write(join(folder, 'events.out.tfevents.1'), events([values, values]));
  const [run] = (await inspect(folder)).runs;
  expect(run?.tags.map(({ tag, is, metric, last }) => [tag, is, metric, last])).toEqual([
    ['loss_metrics/global_avg_loss', 'metric', 'training_loss', 2],
    ['mfu(%)', 'metric', 'training_mfu_ratio', expect.closeTo(0.41)],
    ['memory/max_active(GiB)', 'metric', 'training_memory_bytes{kind="active"}', 3 * 2 ** 30],
    ['my/own', 'unknown', undefined, 7],
    ['memory/num_ooms', 'ignored', undefined, undefined],
  ]);
});

test('rules of the mapping file are followed, also those that ignore', async () => {
  const folder = newFolder();
  const values = ['a', 'b', 'my/loss'].map((tag) => ({ tag, value: 1 }));
  write(join(folder, 'run', 'events.out.tfevents.1'), events([values]));
  const mapping = write(
    join(folder, 'mapping.yaml'),
    'tags: [{tag: my/loss, as: loss}, {tag: b, as: ignore}]\nscalars: [a]\n',
  );
  const report = await inspect(join(folder, 'run'), optionsOf(`--mapping.file=${mapping}`));
  expect(report.runs[0]?.tags).toMatchObject([
    { tag: 'my/loss', is: 'metric', metric: 'training_loss' },
    { tag: 'a', is: 'scalar', metric: 'training_scalar' },
    { tag: 'b', is: 'ignored', reason: 'by the mapping file' },
  ]);
  expect(report.command).toContain(`--mapping.file=${mapping}`);
});

test('without a loss, tags that look like one are named', async () => {
  const folder = newFolder();
  const values = ['foo', 'objective/ce', 'my_loss'].map((tag) => ({ tag, value: 1 }));
  write(join(folder, 'events.out.tfevents.1'), events([values, values]));
  const report = await inspect(folder);
  expect(report.runs[0]?.lossLike).toEqual(['my_loss', 'objective/ce']);
  expect(textOf(report, folder)).toContain('tags: [{tag: "my_loss", as: loss}]');
});

test('hostile tags and names reach neither the terminal nor the lines', async () => {
  const folder = newFolder();
  const tags = [
    '\x1b[2J\x1b]0;owned\x07',
    'a\nWhat to do next:',
    '\u202eevil',
    'x'.repeat(1000),
    '损失 🔥',
    '__proto__',
    '',
  ];
  write(
    join(folder, 'run\x1b[31m', 'events.out.tfevents.1'),
    events([[...tags.map((tag) => ({ tag, value: 1 })), { tag: 'train/loss', value: 1 }]]),
  );
  const report = await inspect(folder);
  const text = textOf(report, folder, { colour: false, width: 80, isUnicode: true });
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\u2028]/u);
  expect(text.match(/^What to do next:$/gm)).toHaveLength(1);
  expect(text).toContain('\\x1b[2J');
  expect(textOf(report, folder, ascii)).toMatch(/^[\x20-\x7e\n]*$/);
  expect(() => JSON.parse(jsonReport(report))).not.toThrow();
});

test('at most so many tags are remembered, and the others still resolved', () => {
  const inner = createTagMap(emptyMapping);
  const notes = createTagNotes(inner, { tags: 2, characters: 1000 });
  for (const tag of ['a', 'b', 'c', 'train/loss']) notes.tags.resolve(tag);
  expect(notes.tagged().map(({ tag }) => tag)).toEqual(['a', 'b']);
  expect(notes.leftOut()).toBe(2);
  expect(notes.tags.resolve('train/loss')?.quantity).toBe('loss');
});

test('a value goes to the tag that was looked at last, and to none if that is another quantity', () => {
  const notes = createTagNotes(createTagMap(emptyMapping));
  const loss = notes.tags.resolve('train/loss');
  expect(loss?.quantity).toBe('loss');
  notes.tookValue('logs', 'max_steps', 9);
  expect(loss?.quantity).toBe('loss');
  notes.tookValue('logs', 'loss', 2);
  expect(notes.tagged()).toMatchObject([{ tag: 'train/loss', last: 2, count: 1 }]);
  notes.tookValue('logs', 'loss', 5);
  expect(notes.tagged()).toMatchObject([{ last: 2, count: 1 }]);
  expect(notes.untagged()).toEqual([
    { quantity: 'max_steps', kind: 'logs', last: 9 },
    { quantity: 'loss', kind: 'logs', last: 5 },
  ]);
});

test.each(quantityNames)('%s ends up in a series of the catalogue', (quantity) => {
  const [name = '', label] = seriesOf(quantity).split(/[ {=]/);
  expect(Object.keys(training)).toContain(name);
  if (label !== undefined && !label.startsWith('('))
    expect(Object.values(training).find((metric) => metric.name === name)?.labels).toContain(label);
  expect(unitOf(quantity)).toMatch(/^(seconds|bytes|ratio|flops|none)$/);
});
