import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import board from '../../../../dashboards/generated/inventory.json';
import { pageUrl } from '../../constants';
import { boardVariables } from '../../scenes/board-variables';
import type { ClassicBoard } from '../../scenes/classic-board';
import { pageScene } from '../../scenes/page-scene';
import { InventoryScene } from './InventoryScene';

const chosenAtTop: readonly string[] = ['datasource', 'cluster', 'site'];

export function inventoryPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.inventory', 'Inventory'),
    url: pageUrl('inventory'),
    routePath: 'inventory/*',
    getScene: () =>
      pageScene({
        from: board.time.from,
        refresh: board.refresh,
        variables: boardVariables(withFewVariables(board)),
        body: new InventoryScene({}),
      }),
  });
}

function withFewVariables(whole: ClassicBoard): ClassicBoard {
  const list = whole.templating.list.filter(({ name }) => chosenAtTop.includes(name));
  return { ...whole, templating: { list } };
}
