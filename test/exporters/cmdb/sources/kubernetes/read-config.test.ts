import { kubernetesSourceType } from '../../../../../exporters/cmdb/sources/kubernetes/kubernetes-source-type.ts';
import { kubernetesKeys } from '../../../../../exporters/cmdb/sources/kubernetes/read-config.ts';
import { ConfigError } from '../../../../../kit/errors.ts';
import { kubernetesConfig } from '../../../../support/fake-kubernetes.ts';
import { readTlsFile } from '../../../../support/tls-files.ts';

const ca = readTlsFile('ca.pem').toString();

function filesOf(files: Readonly<Record<string, string>>) {
  return (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  };
}

function errorOf(values: Readonly<Record<string, unknown>>, files: Readonly<Record<string, string>> = {}): string {
  try {
    kubernetesConfig({ url: 'https://k8s:6443', cluster: 'c', ...values }, filesOf(files));
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'no error';
}

test('little needs to be said', () => {
  const config = kubernetesConfig({ url: 'https://k8s.example.com:6443', cluster: ' gpu-1 ' });
  expect(config).toMatchObject({
    endpoint: { ca: undefined, token: undefined, isBlind: false },
    timeoutSeconds: 30,
    cluster: 'gpu-1',
    tenantLabel: 'fleetlens.io/tenant',
    teamLabel: 'fleetlens.io/team',
    tenants: [],
    placeLabels: { site: undefined, room: undefined, rack: 'topology.kubernetes.io/rack' },
    applications: 'services',
    hasDaemons: false,
  });
  expect(config.endpoint.url.href).toBe('https://k8s.example.com:6443/');
  expect(config.isWanted('kube-system')).toBe(true);
});

const place = 'cmdb.yaml: sources[0]';

test.each([
  [{ cluster: undefined }, `${place}.cluster must be`],
  [{ cluster: 'a/b' }, 'without a slash'],
  [{ url: 'k8s' }, `${place}.url must be an http or https address`],
  [{ url: 'https://user:secret@k8s' }, 'must not hold a user name or password'],
  [{ url: undefined }, `${place}.url must be given outside of a pod`],
  [{ token_file: '/none' }, `${place}.token_file: the file /none cannot be read: ENOENT`],
  [{ token_file: '/empty' }, 'the file /empty is empty'],
  [{ token_file: '/two-lines' }, 'one line of plain text'],
  [{ ca_file: '/none' }, `${place}.ca_file: the file /none cannot be read: ENOENT`],
  [{ ca_file: '/empty' }, 'holds no certificate in PEM form'],
  [{ applications: 'gpus' }, `${place}.applications must be one of gpu, services, all, none`],
  [{ applications: 'gpus' }, 'did you mean gpu?'],
  [{ daemons: 'yes' }, `${place}.daemons must be true or false`],
  [{ timeout: '1h' }, `${place}.timeout must be a duration of at most 10m`],
  [{ timeout: 30 }, `${place}.timeout must be a duration`],
  [{ tenant_label: 'a b' }, `${place}.tenant_label must be the key of a label`],
  [{ place_labels: { rak: 'x' } }, 'did you mean rack?'],
  [{ place_labels: { rack: '' } }, `${place}.place_labels.rack must be`],
  [{ node_labels: { 'Bad Key': 'x' } }, `${place}.node_labels.Bad Key must be an attribute`],
  [{ tenants: [{ namespaces: 'a' }] }, `${place}.tenants[0].tenant must be a text`],
  [{ tenants: [{ tenant: 'a' }] }, `${place}.tenants[0].namespaces must be`],
  [{ tenants: { a: 'b' } }, `${place}.tenants must be a list`],
  [{ namespaces: ['a'] }, `${place}.namespaces must be keys and values`],
  [{ kubeconfig: '/kube', url: 'https://k8s' }, 'cannot both be given'],
  [{ kubeconfig: '/none', url: undefined }, `${place}.kubeconfig: the file /none cannot be read: ENOENT`],
])('%j: %s', (values, message) => {
  expect(errorOf(values, { '/empty': ' \n', '/two-lines': 'a\nb' })).toContain(message);
});

test('a secret is never in an error', () => {
  expect(errorOf({ url: 'https://user:hunter2@k8s' })).not.toContain('hunter2');
  expect(errorOf({ token_file: '/t' }, { '/t': 'hunter2\nhunter3' })).not.toContain('hunter');
});

describe('inside a pod', () => {
  const account = '/var/run/secrets/kubernetes.io/serviceaccount';
  const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };

  test('the API server and the service account are found', () => {
    const { endpoint } = kubernetesConfig({ cluster: 'c' }, filesOf({ [`${account}/token`]: 'abc' }), env);
    expect(endpoint.url.href).toBe('https://[fd00::1]/');
    expect([endpoint.token, endpoint.ca]).toEqual([{ file: `${account}/token` }, { file: `${account}/ca.crt` }]);
  });

  test('a pod without a mounted token is told so', () => {
    expect(() => kubernetesConfig({ cluster: 'c' }, filesOf({}), env)).toThrow(
      `token_file: the file ${account}/token cannot be read`,
    );
  });
});

describe('kubeconfig', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const yaml = (cluster: string, user: string) => `
apiVersion: v1
kind: Config
current-context: main
contexts: [{ name: main, context: { cluster: c1, user: u1 } }]
clusters: [{ name: other, cluster: { server: 'https://other' } }, { name: c1, cluster: { ${cluster} } }]
users: [{ name: u1, user: { ${user} } }]
`;
  const server = "server: 'https://k8s.example.com:6443'";
  const read = (text: string) =>
    kubernetesConfig({ cluster: 'c', kubeconfig: '/home/me/.kube/config' }, filesOf({ '/home/me/.kube/config': text }))
      .endpoint;

  test('gives the address, the authority and a token', () => {
    const endpoint = read(yaml(`${server}, certificate-authority-data: ${base64(ca)}`, 'token: abc.def'));
    expect(endpoint.url.href).toBe('https://k8s.example.com:6443/');
    expect([endpoint.ca, endpoint.token, endpoint.isBlind]).toEqual([{ text: ca }, { text: 'abc.def' }, false]);
  });

  test('names files beside itself', () => {
    const endpoint = read(
      yaml(`${server}, certificate-authority: pki/ca.crt`, 'client-certificate: me.crt, client-key: /etc/me.key'),
    );
    expect(endpoint.ca).toEqual({ file: '/home/me/.kube/pki/ca.crt' });
    expect(endpoint.client).toEqual({ cert: { file: '/home/me/.kube/me.crt' }, key: { file: '/etc/me.key' } });
  });

  test.each([
    ['a program to run', yaml(server, 'exec: { command: aws }'), 'shows itself by exec, which is not supported'],
    ['half a pair', yaml(server, 'client-certificate-data: YQ=='), 'both client-certificate and client-key'],
    ['no server', yaml('insecure-skip-tls-verify: true', 'token: a'), 'must be an http or https address'],
    ['no context', 'apiVersion: v1', 'names no context'],
    ['a context that is not there', 'current-context: x', 'has no context x'],
    ['a list', '[1]', 'names no context'],
    ['no YAML', '{', 'no valid YAML'],
  ])('with %s is refused', (_what, text, message) => {
    expect(() => read(text)).toThrow(ConfigError);
    expect(() => read(text)).toThrow(message);
  });
});

test('the type of the source names its keys', () => {
  const type = kubernetesSourceType({});
  expect([type.type, type.keys]).toEqual(['kubernetes', kubernetesKeys]);
});
