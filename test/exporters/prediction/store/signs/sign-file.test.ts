import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashOf } from '../../../../../exporters/prediction/learning/model/canonical.ts';
import { loadSigns, type StoredSigns, saveSigns } from '../../../../../exporters/prediction/store/signs/sign-file.ts';
import { gpu, hourMs, node, startMs } from '../../fleet.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const stored: StoredSigns = {
  fromMs: startMs,
  untilMs: startMs + 9 * hourMs,
  signs: {
    xids: [{ entity: gpu('a'), atMs: startMs + hourMs, code: 79, count: 2 }],
    absences: [{ entity: gpu('a'), fromMs: startMs + hourMs, untilMs: undefined, how: 'vanished' }],
    remaps: [{ entity: gpu('b'), atMs: startMs + 2 * hourMs, hasFailed: true }],
    states: [{ entity: node('n'), atMs: startMs + 3 * hourMs, state: 'rma' }],
  },
  products: { 'gpu/prod/GPU-a': 'H100' },
  source: 'http://prometheus:9090',
};

test('signs are read as they were written', async () => {
  const file = join(folder, 'failures.json');
  await saveSigns(file, stored);
  expect(await loadSigns(file)).toEqual(stored);
  expect(await loadSigns(join(folder, 'none.json'))).toBeUndefined();
});

test.each<readonly [string, (text: string) => string]>([
  ['cut short', (text) => text.slice(0, 100)],
  ['changed', (text) => text.replace('"code":79', '"code":78')],
  ['of another version', (text) => text.replace('"version":1', '"version":2')],
  ['of another kind', () => '{}'],
  ['nothing', () => ''],
])('a file that is %s is refused by its name', async (_, change) => {
  const file = join(folder, 'failures.json');
  await saveSigns(file, stored);
  await writeFile(file, change(await readFile(file, 'utf8')));
  await expect(loadSigns(file)).rejects.toThrow(`${file} cannot be used: `);
});

test.each<readonly [string, unknown]>([
  ['no time', { xids: [{ entity: gpu('a'), atMs: 'x', code: 1, count: 1 }] }],
  ['no code', { xids: [{ entity: gpu('a'), atMs: 1, code: 'x', count: 1 }] }],
  ['an unknown way', { absences: [{ entity: gpu('a'), fromMs: 1, how: 'x' }] }],
  ['an unknown entity', { remaps: [{ entity: { ...gpu('a'), kind: 'rack' }, atMs: 1, hasFailed: true }] }],
  ['an unknown key', { states: [{ entity: gpu('a'), atMs: 1, state: 'rma', x: 1 }] }],
])('a sign with %s is refused though the hash is right', async (_, signs) => {
  const file = join(folder, 'failures.json');
  const content = { format: 'fleetlens-failure-signs', version: 1, ...stored, signs };
  await writeFile(file, JSON.stringify({ ...content, hash: hashOf(content) }));
  await expect(loadSigns(file)).rejects.toThrow(`${file} cannot be used: `);
});
