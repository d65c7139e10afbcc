import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Version in the nearest package.json above this file, so that sources and compiled files say the same. */
export const version: string = readVersion(import.meta.dirname);

function readVersion(folder: string): string {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return readVersion(dirname(folder));
  const manifest: { version?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  return String(manifest.version);
}
