import { readPredictionFile } from '../../../../exporters/prediction/prediction-file/prediction-file.ts';
import { ConfigError } from '../../../../kit/errors.ts';

const source = 'sources: [{name: main, url: "http://prometheus:9090"}]\n';
const files: Readonly<Record<string, string>> = {
  '/token': 'hunter2\n',
  '/empty': ' \n',
  '/tickets.csv': 'entity,start,end,kind\n',
};

function read(text: string) {
  return readPredictionFile('prediction.yaml', (path) => {
    const found = path === 'prediction.yaml' ? text : files[path];
    if (found === undefined) throw Object.assign(new Error(`no such file ${path}`), { code: 'ENOENT' });
    return found;
  });
}

test('a source is all that is needed', () => {
  const day = 86_400_000;
  expect(read(source)).toMatchObject({
    sources: [
      { name: 'main', url: 'http://prometheus:9090', labels: { cluster: 'cluster', node: 'node' }, timeoutMs: 60_000 },
    ],
    priors: { gpu: 0.08, strength: 1 },
    tickets: [],
    alertBudget: 10,
    training: { isOn: true, everyMs: 7 * day, windowMs: 365 * day, threads: 2 },
    features: { isOn: true, stepMs: 3_600_000, everyMs: day / 4 },
    anomaly: { stepMs: 300_000 },
  });
});

test('everything can be set', () => {
  const config = read(`
sources:
  - {name: a, url: "https://a:9090/prometheus", cluster: a, bearer_token_file: /token, match: ['job=~"gpu.*"'], timeout: 30s}
  - {name: b, url: "http://b:9090", cluster_label: site, username: u, password_file: /token, headers: {X-Scope-OrgID: t}}
priors: {gpu: 0.2, products: {NVIDIA H100: 0.1}}
tickets: [/tickets.csv]
alert_budget: 3
training: {enabled: false, every: 1d, window: 30d, threads: 4, seed: 5}
features: {enabled: false, step: 15m, every: 1h}
anomaly: false
series: {probabilities: 300, rules: 10, features: 20, anomalies: 30, bands: [gpu_power]}
`);
  expect(config).toMatchObject({
    sources: [
      { name: 'a', cluster: 'a', tokenFile: '/token', match: ['job=~"gpu.*"'], timeoutMs: 30_000 },
      {
        name: 'b',
        labels: { cluster: 'site' },
        user: { name: 'u', passwordFile: '/token' },
        headers: { 'X-Scope-OrgID': 't' },
      },
    ],
    tickets: ['/tickets.csv'],
    alertBudget: 3,
    training: { isOn: false, everyMs: 86_400_000, seed: 5 },
    features: { isOn: false, stepMs: 900_000, everyMs: 3_600_000 },
    anomaly: undefined,
    series: { probabilities: 300, rules: 10, features: 20, anomalies: 30, bands: ['gpu_power'] },
  });
  expect(config.priors.products.get('NVIDIA H100')).toBe(0.1);
});

test.each([
  ['', 'prediction.yaml: sources must have at least one source, such as {name: main'],
  ['sources: []', 'sources must have at least one source'],
  [`${source}alerts: 3`, 'has the unknown key alerts; it may have sources, priors'],
  [`${source}alert_budget: 0`, 'alert_budget must be a whole number from 1 to 1000, got 0'],
  [`${source}priors: {gpu: -1}`, 'priors.gpu must be a number above 0'],
  [
    `${source}tickets: [/none.csv]`,
    'tickets[0]: the file /none.csv cannot be read (ENOENT); name one that this user may read',
  ],
  [`${source}training: {every: 5s}`, 'training.every must be a duration from 10m to 90d, got "5s"'],
  [`${source}training: {window: 1h}`, 'training.window must be a duration from 1d'],
  [`${source}training: {enabled: yes please}`, 'training.enabled must be true or false'],
  [`${source}features: {step: 7m}`, 'features.step must divide an hour'],
  [`${source}features: {every: 5h}`, 'features.every must be a multiple of step and divide a day'],
  [`${source}features: {step: 15m, every: 20m}`, 'features.every must be a multiple of step'],
  [`${source}series: {bands: [gpu_pwer]}`, 'did you mean gpu_power?'],
  [`${source}anomaly: {budget: 0}`, 'anomaly.budget must be a number above 0'],
  ['sources: [{url: "http://p"}]', 'sources[0].name must be a text'],
  ['sources: [{name: Main!, url: "http://p"}]', 'sources[0].name must be a name of up to 63 lower-case letters'],
  ['sources: [{name: a, url: "ftp://p"}]', 'sources[0].url must be an http or https address'],
  ['sources: [{name: a, url: "http://u:p@p"}]', 'must not hold a user name or password; give them by username'],
  [
    'sources: [{name: a, url: "http://p", bearer_token_file: /empty}]',
    'the file /empty is empty; write the secret into it',
  ],
  [
    'sources: [{name: a, url: "http://p", username: u}]',
    'password_file is missing; username and password_file belong together',
  ],
  [
    'sources: [{name: a, url: "http://p", username: u, password_file: /token, bearer_token_file: /token}]',
    'must not both be there',
  ],
  ['sources: [{name: a, url: "http://p", headers: {authorization: x}}]', 'would show a secret in the file'],
  ['sources: [{name: a, url: "http://p", match: [cluster]}]', 'match[0] must be a matcher such as cluster="a"'],
  ['sources: [{name: a, url: "http://p", node_label: "a-b"}]', 'node_label must be the name of a label'],
  ['sources: [{name: a, url: "http://p"}, {name: a, url: "http://q"}]', 'sources[1].name is that of'],
  ['sources: [', 'is no valid YAML'],
])('%j is refused, and it is said why', (text, message) => {
  expect(() => read(text)).toThrow(ConfigError);
  expect(() => read(text)).toThrow(message);
  expect(() => read(text)).not.toThrow('hunter2');
});

test('a file that is not there is named by its option', () => {
  const nothing = (): string => {
    throw new Error('no such file');
  };
  expect(() => readPredictionFile('none.yaml', nothing)).toThrow('--prediction.file cannot be read: no such file');
});
