import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableRows } from '../laws/documents.ts';
import { root } from './manifests.ts';

const exporter = join(root, 'exporters', 'training');
const page = readFileSync(join(exporter, 'README.md'), 'utf8');

function namesIn(cells: readonly (string | undefined)[]): readonly string[] {
  return cells.flatMap((cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

test('the layout has every file and folder of the exporter, and no other', () => {
  const named = namesIn(tableRows(page.slice(page.indexOf('## Layout')), '|').map(([first]) => first));
  const present = readdirSync(exporter, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => name !== 'README.md');
  expect([...named].sort()).toEqual(present.sort());
});

test('the sources are where the table says', () => {
  const folders = namesIn(tableRows(page, 'Source').map((cells) => cells.at(-1)));
  expect(folders.length).toBeGreaterThan(5);
  const isThere = (folder: string) => existsSync(join(exporter, folder)) || existsSync(join(root, folder));
  expect(folders.filter((folder) => !isThere(folder))).toEqual([]);
});
