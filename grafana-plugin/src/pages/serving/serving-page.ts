import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import board from '../../../../dashboards/generated/llm-serving.json';
import { pageUrl } from '../../constants';
import { boardScene } from '../../scenes/board-scene';

export function servingPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.serving', 'LLM serving'),
    url: pageUrl('serving'),
    routePath: 'serving/*',
    getScene: () => boardScene(board),
  });
}
