import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from './files.ts';
import { madeByUs } from './yaml.ts';

/** Folders that Prometheus or an operator loads as a whole. */
const loadedWhole = ['rules', 'operator'] as const;

/** Files of ours from an earlier run that are made no longer, such as those of a theme that is switched off: whoever loads the folder still loads them. */
export function leftOver(out: string, files: Files): readonly string[] {
  return loadedWhole
    .filter((folder) => existsSync(join(out, folder)))
    .flatMap((folder) => readdirSync(join(out, folder)).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.yaml') && !files.has(path) && isOurs(join(out, path)))
    .sort();
}

function isOurs(path: string): boolean {
  return readFileSync(path, 'utf8').startsWith(madeByUs);
}
