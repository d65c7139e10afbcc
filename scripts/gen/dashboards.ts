import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toYaml } from '../../cli/generate/yaml.ts';
import type { Board } from '../../dashboards/board.ts';
import { lintSettings } from '../../dashboards/lint.ts';
import { renderBoards } from '../../dashboards/render.ts';
import { boardsPage } from './boards-page.ts';

/** The boards of dashboards/boards, found by folder; the committed files tell their revisions. And what is said of them. */
export async function generatedBoards(root: string): Promise<readonly (readonly [path: string, text: string])[]> {
  const folder = join(root, 'dashboards', 'boards');
  const modules: { readonly default: Board }[] = await Promise.all(
    readdirSync(folder)
      .sort()
      .map((file) => import(join(folder, file))),
  );
  const boards = modules.map((module) => module.default);
  const rendered = renderBoards(boards, committedBoards(root));
  return [
    ...[...rendered].map(([name, text]) => [`dashboards/generated/${name}`, text] as const),
    ['dashboards/generated/.lint', toYaml(lintSettings(), 'dashboards/lint.ts')],
    ['docs/reference/dashboards.md', boardsPage(boards)],
  ];
}

function committedBoards(root: string): ReadonlyMap<string, string> {
  const folder = join(root, 'dashboards', 'generated');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
