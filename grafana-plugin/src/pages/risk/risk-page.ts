import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import board from '../../../../dashboards/generated/failure-risk.json';
import { pageUrl } from '../../constants';
import { boardScene } from '../../scenes/board-scene';

export function riskPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.risk', 'Failure risk'),
    url: pageUrl('risk'),
    routePath: 'risk/*',
    getScene: () => boardScene(board),
  });
}
