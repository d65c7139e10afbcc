import type { SceneAppPageLike } from '@grafana/scenes';
import detail from '../../../dashboards/generated/gpu-detail.json';

const params = { rack: 'r', node: 'n', uuid: 'GPU-1', namespace: 'ns', pod: 'p' };
const match = { params, isExact: true, path: '', url: '' };

function scenesOf(page: SceneAppPageLike): SceneAppPageLike[] {
  const tabs = page.state.tabs ?? [page];
  return [...tabs, ...tabs.flatMap((tab) => (tab.state.drilldowns ?? []).map(({ getPage }) => getPage(match, tab)))];
}

function queriesOf(page: SceneAppPageLike): number {
  const { sceneGraph, SceneQueryRunner } = scenes;
  const runners = sceneGraph.findAllObjects(page.getScene(match), (each) => each instanceof SceneQueryRunner);
  const queries = runners.flatMap((runner) => (runner instanceof SceneQueryRunner ? runner.state.queries : []));
  if (queries.some(({ expr }) => typeof expr !== 'string' || expr === ''))
    throw new Error(`${page.state.url} asks nothing`);
  return queries.length;
}

let pages: readonly SceneAppPageLike[] = [];
let scenes: typeof import('@grafana/scenes');

// jsdom has no observer, and scenes makes one as soon as it is loaded.
beforeAll(async () => {
  Object.assign(globalThis, {
    IntersectionObserver: class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  });
  scenes = await import('@grafana/scenes');
  const [{ alertsPage }, { fleetPage }, { servingPage }, { trainingPage }] = await Promise.all([
    import('../../../grafana-plugin/src/pages/alerts/alerts-page'),
    import('../../../grafana-plugin/src/pages/fleet/fleet-page'),
    import('../../../grafana-plugin/src/pages/serving/serving-page'),
    import('../../../grafana-plugin/src/pages/training/training-page'),
  ]);
  pages = [fleetPage(), trainingPage(), servingPage(), alertsPage()];
}, 120_000);

// A panel that its board lacks would throw.
test('every tab and drill-down is built of panels that there are, and asks a bounded number of queries', () => {
  const counts = pages.flatMap(scenesOf).map((page) => [page.state.url, queriesOf(page)] as const);
  expect(counts.length).toBeGreaterThan(15);
  expect(counts.filter(([, count]) => count > 60)).toEqual([]);
});

test('the fleet goes down to rack, node, GPU and job', () => {
  expect(
    pages
      .slice(0, 1)
      .flatMap(scenesOf)
      .map(({ state }) => state.url.replace('/a/fleetlens-gpucluster-app', '')),
  ).toEqual([
    '/fleet',
    '/fleet/hot-spots',
    '/fleet/load',
    '/fleet/collection',
    '/fleet/rack/r',
    '/fleet/node/n',
    '/fleet/gpu/GPU-1',
    '/fleet/job/ns/p',
  ]);
});

test('a board about one thing has exactly one chosen, and all of what is around it', async () => {
  const { boardVariables } = await import('../../../grafana-plugin/src/scenes/board-variables');
  const states = boardVariables(detail).state.variables.map(({ state }) => state);
  const many = states.filter((state) => 'includeAll' in state && state.includeAll === true);
  expect(many.map(({ name }) => name)).toEqual(['cluster', 'node', 'gpu']);
  const uuid = states.find(({ name }) => name === 'uuid');
  expect([uuid !== undefined && 'isMulti' in uuid, uuid]).toMatchObject([false, { value: '' }]);
});
