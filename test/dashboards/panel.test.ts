import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { definePanels, expressions } from '../../dashboards/panel.ts';
import { gpu } from '../../metrics/gpu.ts';
import { promql } from '../../metrics/promql.ts';
import { panels } from './fake-board.ts';

test('title, description and unit come from the metric', () => {
  expect(panels.plain).toMatchObject({
    key: 'test/plain',
    title: 'GPU power',
    description: 'Power drawn by the board.',
    unit: 'watts',
  });
});

test('what the panel says itself wins', () => {
  expect(panels.figure).toMatchObject({ title: 'How hot?', description: 'The hottest.', unit: 'celsius' });
});

test('the metric itself is not part of the panel', () => {
  expect(panels.plain).not.toHaveProperty('metric');
});

test('gives the expressions of queries and of columns', () => {
  expect(expressions(panels.figure).map(({ promql: text }) => text)).toEqual(['max(gpu_temperature_celsius)']);
  expect(expressions(panels.list)).toHaveLength(2);
});

test('a query is an expression of the catalogue, never a text', () => {
  definePanels('types', {
    text: {
      visual: 'stat',
      metric: gpu.gpu_up,
      // @ts-expect-error a plain text may name a series that nobody has
      queries: [{ expr: 'sum(gpu_upp)', legend: '' }],
    },
    label: {
      visual: 'table',
      metric: gpu.gpu_up,
      // @ts-expect-error no series has such a label
      keys: [['nod', 'Node']],
      columns: [{ heading: 'Up', unit: 'count', expr: promql`sum(${gpu.gpu_up})` }],
    },
  });
});

test('what browsers load imports no package', () => {
  const imports = filesBehind(path.join(import.meta.dirname, '../../dashboards/panels')).flatMap(importsOf);
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter(({ from }) => !from.startsWith('.'))).toEqual([]);
});

interface Import {
  readonly file: string;
  readonly from: string;
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import|export)[^;]*? from '([^']+)'/gm)].map(([, from]) => ({
    file,
    from: from ?? '',
  }));
}

/** The files of a folder and all that they import, near and far. */
function filesBehind(folder: string): readonly string[] {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  for (const file of files) {
    const near = importsOf(file).filter(({ from }) => from.startsWith('.'));
    const next = near.map(({ from }) => path.resolve(path.dirname(file), from));
    files.push(...next.filter((found) => !files.includes(found)));
  }
  return files;
}
