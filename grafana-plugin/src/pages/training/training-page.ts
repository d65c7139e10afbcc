import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import board from '../../../../dashboards/generated/training-runs.json';
import { pageUrl } from '../../constants';
import { boardScene } from '../../scenes/board-scene';

export function trainingPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.training', 'Training runs'),
    url: pageUrl('training'),
    routePath: 'training/*',
    getScene: () => boardScene(board),
  });
}
