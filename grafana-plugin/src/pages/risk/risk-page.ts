import { t } from '@grafana/i18n';
import { SceneAppPage } from '@grafana/scenes';
import { pageUrl } from '../../constants';
import { riskScene } from './risk-scene';

export function riskPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.risk', 'Failure risk'),
    subTitle: t('risk.about', 'Which GPU is next, why, how sure that is, and what to do'),
    url: pageUrl('risk'),
    routePath: 'risk/*',
    getScene: riskScene,
  });
}
