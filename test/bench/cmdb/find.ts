import { createFinder } from '../../../exporters/cmdb/find/create-finder.ts';
import type { Inventory } from '../../../exporters/cmdb/inventory/inventory.ts';
import type { fleetInventory } from '../../support/cmdb-fleet.ts';
import { quantile, type Row, row } from '../bench.ts';
import type { SqlSide } from './sql-side.ts';

/** Typed letter by letter. */
const typed = [
  'node-1187',
  '165004117',
  '10.10.3.77',
  '3c:ec:ef:00:1f:3',
  'nvidia h200',
  'tenant-17',
  'leaf-b7-rail3',
  'supermicro',
];
const withFilters = ['class:gpu rack:r17', 'tenant:tenant-9 class:server', 'class:gpu state:failed', 'node:node-77'];
const rounds = 3;

export async function findRows(
  { inventory }: ReturnType<typeof fleetInventory>,
  sql: SqlSide,
  progress: (step: string) => void,
): Promise<readonly Row[]> {
  progress(`searching after every letter of ${typed.length} words, ${rounds} times`);
  let revision = inventory.revision;
  const changing: Inventory = Object.defineProperty({ ...inventory }, 'revision', { get: () => revision });
  const finder = createFinder(changing);
  const first = await timeMs(() => finder.find('x'));
  const keystrokes = Array.from({ length: rounds }, () => typed.flatMap(beginningsOf)).flat();
  const ours: number[] = [];
  const filtered: number[] = [];
  const afterChange: number[] = [];
  const theirs: number[] = [];
  for (const word of keystrokes) ours.push(await timeMs(() => finder.find(word)));
  for (const query of withFilters)
    filtered.push(await timeMs(() => finder.find(query)), await timeMs(() => finder.find(query)));
  for (const word of typed) {
    revision++;
    afterChange.push(await timeMs(() => finder.find(word)));
  }
  for (const word of keystrokes) theirs.push(await timeMs(() => sql.find(word)));
  const figure = (name: string, values: readonly number[], baseline?: readonly number[]): Row =>
    row({
      bench: 'cmdb',
      name,
      unit: 'ms',
      runs: values,
      ...(baseline === undefined ? {} : { baselineRuns: baseline }),
    });
  return [
    figure('find as you type, p50 of a keystroke', ours, theirs),
    figure('find as you type, p95', [quantile(ours, 0.95)], [quantile(theirs, 0.95)]),
    figure('find with filters, slowest', [Math.max(...filtered)]),
    figure('find right after a change, slowest', [Math.max(...afterChange)]),
    figure('first index of all items', [first]),
  ];
}

function beginningsOf(text: string): readonly string[] {
  return [...text].map((_, index) => text.slice(0, index + 1));
}

async function timeMs(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
