import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import board from '../../../../dashboards/generated/service-levels.json';
import { pageUrl } from '../../constants';
import { boardScene } from '../../scenes/board-scene';

export function alertsPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.alerts', 'Alerts'),
    url: pageUrl('alerts'),
    routePath: 'alerts/*',
    getScene: () => boardScene(board),
  });
}
