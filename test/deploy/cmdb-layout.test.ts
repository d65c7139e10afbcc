import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableRows } from '../laws/documents.ts';
import { root } from './manifests.ts';

const exporter = join(root, 'exporters', 'cmdb');
const page = readFileSync(join(exporter, 'README.md'), 'utf8');
const rows = tableRows(page.slice(page.indexOf('## Layout')), '|');
/** Files and folders in the first column; folders end in a slash. */
const named = rows.flatMap(([cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));

test('the layout names what is there', () => {
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !existsSync(join(exporter, name)))).toEqual([]);
});

test('the layout has every file and folder of the daemon', () => {
  const present = readdirSync(exporter, { withFileTypes: true })
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .filter((name) => name !== 'README.md');
  expect(present.filter((entry) => !named.includes(entry))).toEqual([]);
});
