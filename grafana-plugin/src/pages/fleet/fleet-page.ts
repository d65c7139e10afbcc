import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import board from '../../../../dashboards/generated/gpu-fleet.json';
import { pageUrl } from '../../constants';
import { boardScene } from '../../scenes/board-scene';

export function fleetPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.fleet', 'Fleet'),
    url: pageUrl('fleet'),
    routePath: 'fleet/*',
    getScene: () => boardScene(board),
  });
}
