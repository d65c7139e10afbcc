import { t } from '@grafana/i18n';
import {
  EmbeddedScene,
  SceneAppPage,
  SceneCanvasText,
  SceneFlexItem,
  SceneFlexLayout,
  type SceneRouteMatch,
} from '@grafana/scenes';
import { APP_URL } from '../../constants';
import { boardScene } from '../../scenes/board-scene';
import { boards } from './boards';

/** A board as Grafana would show it, for hosts that have no boards of their own. Nothing leads here in a Grafana. */
export function boardPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.boards', 'Boards'),
    url: `${APP_URL}/boards`,
    routePath: 'boards/*',
    hideFromBreadcrumbs: true,
    getScene: () => listOfBoards(),
    drilldowns: [
      { routePath: ':uid/*', getPage: (route: SceneRouteMatch<{ uid: string }>) => oneBoard(route.params.uid) },
    ],
  });
}

function oneBoard(uid: string): SceneAppPage {
  const board = boards.find((each) => each.uid === uid);
  return new SceneAppPage({
    title: board?.title ?? uid,
    subTitle: board?.description,
    url: `${APP_URL}/boards/${uid}`,
    routePath: `${uid}/*`,
    getScene: () => (board === undefined ? listOfBoards() : boardScene(board)),
  });
}

function listOfBoards(): EmbeddedScene {
  const children = boards.map(
    ({ title, description }) =>
      new SceneFlexItem({ body: new SceneCanvasText({ text: `${title}: ${description}`, fontSize: 16 }) }),
  );
  return new EmbeddedScene({ body: new SceneFlexLayout({ direction: 'column', children }) });
}
