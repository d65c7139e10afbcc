import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import board from '../../../../dashboards/generated/inventory.json';
import { pageUrl } from '../../constants';
import { boardScene } from '../../scenes/board-scene';

export function inventoryPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.inventory', 'Inventory'),
    url: pageUrl('inventory'),
    routePath: 'inventory/*',
    getScene: () => boardScene(board),
  });
}
