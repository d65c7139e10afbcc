import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import board from '../../../../dashboards/generated/cost-and-usage.json';
import { pageUrl } from '../../constants';
import { boardScene } from '../../scenes/board-scene';

export function costPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.cost', 'Cost'),
    url: pageUrl('cost'),
    routePath: 'cost/*',
    getScene: () => boardScene(board),
  });
}
