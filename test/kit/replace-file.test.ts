import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../../kit/replace-file.ts';

test('text and bytes take the place of what was there, and nothing else is left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-replace-'));
  const file = join(folder, 'below', 'file');
  await replaceFile(file, 'text');
  expect(readFileSync(file, 'utf8')).toBe('text');
  await replaceFile(file, Uint8Array.of(0, 255, 7));
  expect([...readFileSync(file)]).toEqual([0, 255, 7]);
  expect(readdirSync(join(folder, 'below'))).toEqual(['file']);
  rmSync(folder, { recursive: true });
});
