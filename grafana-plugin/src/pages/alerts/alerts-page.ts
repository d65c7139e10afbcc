import { t } from '@grafana/i18n';
import {
  DataSourceVariable,
  type EmbeddedScene,
  SceneAppPage,
  type SceneObject,
  SceneVariableSet,
} from '@grafana/scenes';
import { pageUrl } from '../../constants';
import { pageSections } from '../../scenes/PageSections';
import { pageScene } from '../../scenes/page-scene';
import { readingsView } from '../../scenes/ReadingsView';
import { RefreshedView } from '../../scenes/RefreshedView';
import { CARRIED } from '../links/page-links';
import { ActiveAlerts } from './ActiveAlerts';
import { AlertReport } from './AlertReport';
import { activeQueries, reportQueries } from './alert-queries';
import { Silences } from './Silences';

/** What fires, what is held back, and what is noise. */
export function alertsPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.alerts', 'Alerts'),
    url: pageUrl('alerts'),
    routePath: 'alerts/*',
    preserveUrlKeys: CARRIED,
    tabs: [
      tab('', t('alerts.tab.active', 'Active'), () => readingsView(activeQueries, ActiveAlerts)),
      tab('silences', t('alerts.tab.silences', 'Silences'), () => new RefreshedView({ component: Silences })),
      tab('report', t('alerts.tab.report', 'Report'), () => readingsView(reportQueries, AlertReport)),
    ],
  });
}

function tab(name: string, title: string, body: () => SceneObject): SceneAppPage {
  return new SceneAppPage({
    title,
    url: name === '' ? pageUrl('alerts') : `${pageUrl('alerts')}/${name}`,
    routePath: name === '' ? '/' : name,
    preserveUrlKeys: CARRIED,
    getScene: () => alertScene(body()),
  });
}

function alertScene(body: SceneObject): EmbeddedScene {
  const datasource = new DataSourceVariable({
    name: 'datasource',
    label: t('alerts.dataSource', 'Data source'),
    pluginId: 'prometheus',
  });
  return pageScene({
    from: 'now-1d',
    variables: new SceneVariableSet({ variables: [datasource] }),
    body: pageSections({ items: [body] }),
  });
}
