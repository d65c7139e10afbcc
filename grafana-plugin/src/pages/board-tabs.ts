import { type EmbeddedScene, SceneAppPage } from '@grafana/scenes';
import { type Page, pageUrl } from '../constants';
import { boardVariables } from '../scenes/board-variables';
import type { ClassicBoard } from '../scenes/classic-board';
import type { PageSections } from '../scenes/PageSections';
import { pageScene } from '../scenes/page-scene';

interface Tab {
  /** `/` for the one that the page opens with. */
  readonly routePath: string;
  readonly title: string;
  readonly body: () => PageSections;
}

/** Tabs that have choices, time range and refresh of a board in common. What `kept` names goes from tab to tab. */
export function boardTabs(board: ClassicBoard, page: Page, kept: readonly string[], tabs: readonly Tab[]) {
  return tabs.map(
    ({ routePath, title, body }) =>
      new SceneAppPage({
        title,
        routePath,
        url: routePath === '/' ? pageUrl(page) : `${pageUrl(page)}/${routePath}`,
        preserveUrlKeys: [...kept],
        getScene: (): EmbeddedScene =>
          pageScene({ from: board.time.from, refresh: board.refresh, variables: boardVariables(board), body: body() }),
      }),
  );
}
