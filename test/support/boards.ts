import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Board } from '../../dashboards/board.ts';

const folder = path.join(import.meta.dirname, '../../dashboards');

/** Every board of the folder, as the generator finds them. */
export async function loadBoards(): Promise<readonly Board[]> {
  const files = readdirSync(path.join(folder, 'boards')).sort();
  const modules: { readonly default: Board }[] = await Promise.all(
    files.map((file) => import(path.join(folder, 'boards', file))),
  );
  return modules.map((module) => module.default);
}

/** The committed files by name. */
export function generatedBoards(): ReadonlyMap<string, string> {
  const generated = path.join(folder, 'generated');
  const names = readdirSync(generated).filter((name) => name.endsWith('.json'));
  return new Map(names.map((name) => [name, readFileSync(path.join(generated, name), 'utf8')]));
}
