import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableRows } from '../laws/documents.ts';
import { root } from './manifests.ts';

const exporter = join(root, 'exporters', 'gpu');
const named = namesInLayout();

/** Paths in the first column of the layout; a file without a folder lies in the folder of the one before it. */
function namesInLayout(): readonly string[] {
  const page = readFileSync(join(exporter, 'README.md'), 'utf8');
  const rows = tableRows(page.slice(page.indexOf('## Layout')), '|');
  return rows.flatMap(([cell = '']) => {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const [first = ''] = names;
    const folder = first.slice(0, first.replace(/\/$/, '').lastIndexOf('/') + 1);
    return names.map((name, position) => (position === 0 ? name : folder + name));
  });
}

function below(folder: string): readonly string[] {
  return readdirSync(join(exporter, folder), { withFileTypes: true }).map((entry) =>
    join(folder, entry.isDirectory() ? `${entry.name}/` : entry.name),
  );
}

const present = ['', 'sources', 'sources/nvml'].flatMap(below);

test('the layout names what is there', () => {
  expect(named.length).toBeGreaterThan(20);
  const isThere = (name: string) =>
    name.includes('*') ? present.some((path) => path.startsWith(name.replace(/\*.*$/, ''))) : present.includes(name);
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});

test('the layout has every folder, and every file of the exporter and of its sources', () => {
  const wanted = ['', 'sources'].flatMap(below).filter((path) => path !== 'sources/' && path !== 'README.md');
  expect(wanted.filter((path) => !named.includes(path) && path !== 'sources/nvml/')).toEqual([]);
});
