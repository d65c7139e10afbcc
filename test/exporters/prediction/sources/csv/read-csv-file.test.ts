import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readCsvFile } from '../../../../../exporters/prediction/sources/csv/read-csv-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-csv-'));
const request = { kind: 'node', columns: { entity: 'host', time: 'at' }, windows: [] } as const;

afterAll(() => rmSync(folder, { recursive: true }));

test('a file is read in pieces, plain or compressed, and letters that lie on a border stay whole', async () => {
  const rows = Array.from({ length: 20_000 }, (_, at) => `nöde-${at % 100},${1_700_000_000 + at},${at}`);
  const text = ['host,at,heat', ...rows].join('\n');
  writeFileSync(join(folder, 'plain.csv'), text);
  writeFileSync(join(folder, 'small.csv.gz'), gzipSync(text));
  const plain = await readCsvFile(join(folder, 'plain.csv'), request);
  expect(plain.table.entities).toHaveLength(100);
  expect(plain.table.entities[7]).toEqual({ kind: 'node', cluster: '', node: 'nöde-7', uuid: '' });
  expect(plain.table.values).toEqual(Float32Array.from({ length: 20_000 }, (_, at) => at));
  expect(await readCsvFile(join(folder, 'small.csv.gz'), request)).toEqual(plain);
});

test('a file that is not there, or not what its name says, is told', async () => {
  await expect(readCsvFile(join(folder, 'none.csv'), request)).rejects.toThrow(/none\.csv cannot be read: .*ENOENT/);
  await expect(readCsvFile(join(folder, 'none.csv.gz'), request)).rejects.toThrow(
    /none\.csv\.gz cannot be read: .*ENOENT/,
  );
  writeFileSync(join(folder, 'wrong.csv.gz'), 'host,at,heat\n');
  await expect(readCsvFile(join(folder, 'wrong.csv.gz'), request)).rejects.toThrow(
    /wrong\.csv\.gz cannot be read: .*incorrect header check/,
  );
});
