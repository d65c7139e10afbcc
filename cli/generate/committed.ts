import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../kit/package-root.ts';
import type { Files } from './files.ts';

/** Files that ship with the package as they are. */
export function committed(folder: string, suffix: string): Files {
  const names = readdirSync(join(packageRoot, folder)).filter((name) => name.endsWith(suffix));
  return new Map(names.map((name) => [name, readFileSync(join(packageRoot, folder, name), 'utf8')]));
}
