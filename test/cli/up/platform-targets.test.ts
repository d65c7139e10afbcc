import { simulatedMonth } from '../../../cli/simulate/billing/simulated-month.ts';
import { platformPages } from '../../../cli/simulate/platform/start-simulated-platform.ts';
import { platformJobs, platformScrapeJobs, platformTargets } from '../../../cli/up/platform-targets.ts';
import { hostJobs } from '../../../rules/node.ts';

const span = { startMs: 0, endMs: 3_600_000 };
const fleet = { seed: 1, nodes: 3, gpus: 2 };

test('every target has a page, and every page but none twice a target', () => {
  const groups = Object.values(platformTargets('http://127.0.0.1:4711', fleet)).flat();
  const paths = groups.map(({ labels }) => labels['__metrics_path__']);
  expect(paths.toSorted()).toEqual([...platformPages(simulatedMonth({ ...fleet, span }), 0).keys()].toSorted());
  expect(new Set(groups.flatMap(({ targets }) => targets))).toEqual(new Set(['127.0.0.1:4711']));
});

test('each job reads a file of targets that is written', () => {
  const files = Object.keys(platformTargets('http://127.0.0.1:4711', fleet)).map((name) => `targets/${name}.json`);
  const read = platformScrapeJobs.flatMap((job) => JSON.stringify(job).match(/targets\/[\w-]+\.json/g) ?? []);
  expect(read.toSorted()).toEqual(files.toSorted());
});

test('machines carry node and rack, and the job has a name that the rules look for', () => {
  const { 'platform-node': machines = [], 'platform-kubelet': kubelets = [] } = platformTargets('http://a:1', fleet);
  expect(machines.map(({ labels }) => [labels['node'], labels['rack'], labels['instance']])).toEqual([
    ['sim-1', 'sim-rack-1', '10.20.0.0:9100'],
    ['sim-2', 'sim-rack-1', '10.20.0.1:9100'],
    ['sim-3', 'sim-rack-1', '10.20.0.2:9100'],
  ]);
  expect(platformJobs.node).toMatch(new RegExp(`^(?:${hostJobs.re})$`));
  // The kubelet tells its node itself.
  for (const { labels } of kubelets) expect(labels).not.toHaveProperty('node');
});

test('without a simulated cluster there is nobody to scrape', () => {
  expect(Object.values(platformTargets(undefined, undefined))).toEqual([[], [], [], [], []]);
});
