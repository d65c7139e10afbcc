import { cmdbScrapeJob } from '../../cli/generate/scrape-config.ts';
import { readCmdbFile } from '../../exporters/cmdb/cmdb-file/cmdb-file.ts';
import { sourceTypes } from '../../exporters/cmdb/sources/index.ts';
import { parseRoleTokens } from '../../kit/api/role-tokens.ts';
import { objectOf } from './manifests.ts';
import { storeDeployment } from './store-deployment.ts';

const { deployment, config, secret, podMonitor } = storeDeployment('cmdb');

interface Endpoint {
  readonly honorLabels: boolean;
  readonly relabelings: readonly Readonly<
    Partial<Record<'action' | 'regex' | 'targetLabel' | 'replacement', string>>
  >[];
}

test('its files are taken', () => {
  const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };
  const readFile = (path: string) => (path === 'cmdb.yaml' ? (config['cmdb.yaml'] ?? '') : 'token');
  const { sources } = readCmdbFile('cmdb.yaml', sourceTypes(env), { readFile });
  expect(sources.map(({ type }) => type)).toEqual(['kubernetes', 'prometheus']);
  expect(parseRoleTokens('tokens', secret['tokens'] ?? '')).toHaveLength(1);
});

test('it asks Kubernetes as the account that has the rights', () => {
  const account = objectOf('cmdb-rbac.yaml', 'ServiceAccount');
  const { serviceAccountName, automountServiceAccountToken } = deployment.spec.template.spec;
  expect([serviceAccountName, automountServiceAccountToken]).toEqual([account.metadata.name, true]);
  expect(deployment.metadata.namespace).toBe(account.metadata.namespace);
});

test('its PodMonitor believes its labels, and puts none of its own beside them', () => {
  const [endpoint]: readonly [Endpoint] = JSON.parse(JSON.stringify(podMonitor.spec.podMetricsEndpoints));
  const job = cmdbScrapeJob({});
  expect([endpoint.honorLabels, job['honor_labels']]).toEqual([true, true]);
  expect(endpoint.relabelings.find(({ targetLabel }) => targetLabel === 'job')?.replacement).toBe(job.job_name);
  for (const label of ['node', 'pod', 'namespace', 'container', 'endpoint']) {
    const dropped = endpoint.relabelings.find(({ action }) => action === 'labeldrop')?.regex ?? '';
    expect(dropped.split('|')).toContain(label);
  }
});
