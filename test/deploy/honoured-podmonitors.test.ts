import { billingScrapeJob, predictionScrapeJob } from '../../cli/generate/scrape-config.ts';
import { objectOf, objectsIn, type PodMonitor, schemaComplaints } from './manifests.ts';

interface Endpoint {
  readonly honorLabels: boolean;
  readonly relabelings: readonly Readonly<
    Partial<Record<'action' | 'regex' | 'targetLabel' | 'replacement', string>>
  >[];
}

describe.each([
  ['billing', billingScrapeJob({})],
  ['prediction', predictionScrapeJob({})],
])('of %s', (daemon, job) => {
  const file = `${daemon}-podmonitor.yaml`;

  test('the schemas of the operator accept it', () => {
    expect(schemaComplaints(objectsIn(file))).toEqual([null]);
  });

  test('it believes the labels of the daemon, names the job that rules ask for, and puts none of its pod beside them', () => {
    const podMonitor = objectOf<PodMonitor>(file, 'PodMonitor');
    const [endpoint]: readonly [Endpoint] = JSON.parse(JSON.stringify(podMonitor.spec.podMetricsEndpoints));
    expect([endpoint.honorLabels, job['honor_labels']]).toEqual([true, true]);
    expect(endpoint.relabelings.find(({ targetLabel }) => targetLabel === 'job')?.replacement).toBe(job.job_name);
    const dropped = endpoint.relabelings.find(({ action }) => action === 'labeldrop')?.regex ?? '';
    expect(dropped.split('|').sort()).toEqual(['container', 'endpoint', 'namespace', 'node', 'pod']);
  });
});
