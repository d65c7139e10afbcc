import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of the nearest package.json above this file: the same for sources and for compiled files. */
export const packageRoot: string = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
