import { t } from '@grafana/i18n';
import {
  type EmbeddedScene,
  type SceneAppDrilldownView,
  SceneAppPage,
  type SceneAppPageLike,
  type SceneRouteMatch,
} from '@grafana/scenes';
import { APP_URL, pageUrl } from '../../constants';
import { asIs } from '../../locales/as-is';
import { CARRIED } from '../links/page-links';
import { collectionScene, hotSpotsScene, loadScene, overviewScene } from './fleet-scenes';
import { gpuScene, jobScene, nodeScene, rackScene } from './place-scenes';

/** From the whole fleet by rack, node and GPU down to a job. */
export function fleetPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('page.fleet', 'Fleet'),
    url: pageUrl('fleet'),
    routePath: 'fleet/*',
    preserveUrlKeys: [...CARRIED, 'var-node'],
    tabs: [
      tab('overview', t('fleet.tab.overview', 'Overview'), overviewScene, drilldowns()),
      tab('hot-spots', t('fleet.tab.hotSpots', 'Hot spots'), hotSpotsScene),
      tab('load', t('fleet.tab.load', 'Load and faults'), loadScene),
      tab('collection', t('fleet.tab.collection', 'Drivers and exporters'), collectionScene),
    ],
  });
}

/** They hang off the first tab, because scenes would make those of the page itself anew with every change of the address. */
function drilldowns(): SceneAppDrilldownView[] {
  return [
    {
      routePath: 'rack/:rack/*',
      getPage: ({ params: { rack } }: SceneRouteMatch<{ rack: string }>, parent) =>
        drilldown(parent, {
          title: t('fleet.rackName', 'Rack {{rack}}', { ...asIs, rack }),
          path: ['rack', rack],
          getScene: () => rackScene(rack),
        }),
    },
    {
      routePath: 'node/:node/*',
      getPage: ({ params: { node } }: SceneRouteMatch<{ node: string }>, parent) =>
        drilldown(parent, { title: node, path: ['node', node], getScene: () => nodeScene(node) }),
    },
    {
      routePath: 'gpu/:uuid/*',
      getPage: ({ params: { uuid } }: SceneRouteMatch<{ uuid: string }>, parent) =>
        drilldown(parent, { title: uuid, path: ['gpu', uuid], getScene: () => gpuScene(uuid) }),
    },
    {
      routePath: 'job/:namespace/:pod/*',
      getPage: ({ params: { namespace, pod } }: SceneRouteMatch<{ namespace: string; pod: string }>, parent) =>
        drilldown(parent, {
          title: pod,
          path: ['job', namespace, pod],
          getScene: () => jobScene(namespace, pod),
        }),
    },
  ];
}

function tab(
  name: string,
  title: string,
  getScene: () => EmbeddedScene,
  drilldowns?: SceneAppDrilldownView[],
): SceneAppPage {
  const url = name === 'overview' ? pageUrl('fleet') : `${pageUrl('fleet')}/${name}`;
  return new SceneAppPage({
    title,
    url,
    routePath: name === 'overview' ? '/' : name,
    preserveUrlKeys: [...CARRIED, 'var-node'],
    getScene,
    drilldowns,
  });
}

interface Drilldown {
  readonly title: string;
  readonly path: readonly string[];
  readonly getScene: () => EmbeddedScene;
}

function drilldown(parent: SceneAppPageLike, { title, path, getScene }: Drilldown): SceneAppPage {
  return new SceneAppPage({
    title,
    url: `${APP_URL}/fleet/${path.map(encodeURIComponent).join('/')}`,
    routePath: '*',
    getParentPage: () => (parent.parent instanceof SceneAppPage ? parent.parent : parent),
    getScene,
  });
}
