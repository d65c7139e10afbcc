import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { zipApp } from '../../scripts/grafana-package/zip-app.ts';
import { pluginFolder, pluginSource } from '../support/grafana-app.ts';
import { readZip } from '../support/zip-reader.ts';

const dist = join(pluginFolder, 'dist');
const { name, bytes } = zipApp(dist);
const entries = readZip(bytes);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zip-app-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('archivename: id and version', () => {
  expect(name).toMatch(/^fleetlens-gpucluster-app-\d+\.\d+\.\d+\.zip$/);
});

test('archive: all of the built app, byte by byte, below one folder with its id, and nothing of the build', () => {
  const built = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(dist, file)).isFile() && file !== '.stamp')
    .sort();
  expect(entries.map(({ path }) => path)).toEqual(built.map((file) => `${pluginSource.id}/${file}`));
  for (const { path, bytes: unpacked, crc32: told, mode } of entries) {
    const original = readFileSync(join(dist, path.slice(pluginSource.id.length + 1)));
    expect([path, unpacked.equals(original), told, mode]).toEqual([path, true, crc32(original), 0o100644]);
  }
});

test('the same files give the same bytes, in another folder, later and in another time zone', () => {
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  for (const copy of [first, second])
    for (const part of ['plugin.json', 'module.js', 'img'])
      cpSync(join(dist, part), join(copy, part), { recursive: true });
  utimesSync(join(second, 'module.js'), 0, 0);
  const zone = process.env['TZ'];
  const here = zipApp(first).bytes;
  process.env['TZ'] = 'Asia/Tokyo';
  try {
    expect(Buffer.from(zipApp(second).bytes).equals(Buffer.from(here))).toBe(true);
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});

test('a folder that holds no built app is refused in words that tell what to do', () => {
  const source = join(folder, 'source');
  cpSync(join(pluginFolder, 'src', 'plugin.json'), join(source, 'plugin.json'));
  expect(() => zipApp(source)).toThrow(/build the app first/);
  writeFileSync(join(source, 'plugin.json'), '{}');
  expect(() => zipApp(source)).toThrow(/tells no id/);
});
