import { dirname } from 'node:path';
import { billingOptions } from '../../exporters/billing/options.ts';
import { cmdbOptions } from '../../exporters/cmdb/options.ts';
import { parseOptions } from '../../kit/options/parse.ts';
import { version } from '../../kit/version.ts';
import { objectsIn, schemaComplaints } from './manifests.ts';
import { storeDeployment } from './store-deployment.ts';

const given = { env: {}, readFile: () => '' };

describe.each([
  {
    daemon: 'cmdb',
    files: ['cmdb.yaml', 'cmdb-rbac.yaml', 'cmdb-podmonitor.yaml'],
    read: (argv: readonly string[]) => parseOptions(cmdbOptions, { argv, ...given }),
    file: 'cmdb.file',
  },
  {
    daemon: 'billing',
    files: ['billing.yaml', 'billing-podmonitor.yaml'],
    read: (argv: readonly string[]) => parseOptions(billingOptions, { argv, ...given }),
    file: 'billing.file',
  },
])('the deployment of $daemon', ({ daemon, files, read, file }) => {
  const { deployment, container, command, argv, claim, podMonitor } = storeDeployment(daemon);
  const options = read(argv);

  test.each(files)('has objects that the schemas of Kubernetes and of the operator accept: %s', (name) => {
    const objects = objectsIn(name);
    expect(schemaComplaints(objects)).toEqual(objects.map(() => null));
  });

  test('is the daemon of this version, with the port that it listens on', () => {
    expect(command).toBe(daemon);
    expect(container.image).toMatch(new RegExp(`/fleetlens:${version.replaceAll('.', '\\.')}$`));
    expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([options['web.listen-address'].port]);
  });

  test('finds its files where they are mounted', () => {
    const mount = container.volumeMounts.find(({ name }) => name === 'config');
    const paths = Object.entries(options).flatMap(([name, value]) =>
      [file, 'api.tokens-file'].includes(name) ? [dirname(String(value))] : [],
    );
    expect(paths).toEqual([mount?.mountPath, mount?.mountPath]);
  });

  test('has one process at a time for the embedded database, on a claim that it may write', () => {
    expect(deployment.spec.replicas).toBe(1);
    expect(deployment.spec.strategy).toEqual({ type: 'Recreate' });
    const written = container.volumeMounts.filter(({ readOnly }) => readOnly !== true);
    expect(written.map(({ mountPath }) => options['store.folder'].startsWith(`${mountPath}/`))).toEqual([true]);
    const volume = deployment.spec.template.spec.volumes.find(({ name }) => name === written[0]?.name);
    expect(volume?.persistentVolumeClaim).toEqual({ claimName: claim.metadata.name });
    expect(claim.spec.accessModes).toEqual(['ReadWriteOncePod']);
  });

  test('has no more rights on its node than it must', () => {
    expect(container.securityContext).toMatchObject({
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('is found by its PodMonitor', () => {
    const [endpoint] = podMonitor.spec.podMetricsEndpoints;
    expect(deployment.spec.template.metadata.labels).toMatchObject(podMonitor.spec.selector.matchLabels);
    expect(container.ports.map(({ name }) => name)).toContain(endpoint?.port);
  });
});
