import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from '../../dashboards/board.ts';
import { renderBoards } from '../../dashboards/render.ts';

/** The boards of dashboards/boards, found by folder; the committed files tell their revisions. */
export async function generatedBoards(root: string): Promise<readonly (readonly [path: string, text: string])[]> {
  const folder = join(root, 'dashboards', 'boards');
  const modules: { readonly default: Board }[] = await Promise.all(
    readdirSync(folder)
      .sort()
      .map((file) => import(join(folder, file))),
  );
  const rendered = renderBoards(
    modules.map((module) => module.default),
    committedBoards(root),
  );
  return [...rendered].map(([name, text]) => [`dashboards/generated/${name}`, text] as const);
}

function committedBoards(root: string): ReadonlyMap<string, string> {
  const folder = join(root, 'dashboards', 'generated');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
