import { parseGateway, upstreamsOf } from '../../../../exporters/inference/gateway/gateway-file.ts';
import { parseKeys, tenantOfKey } from '../../../../exporters/inference/gateway/key-file.ts';
import { ConfigError } from '../../../../kit/errors.ts';
import { sha256 } from '../../../support/inference-proxy.ts';

test('all that a file may say', () => {
  const gateway = parseGateway(
    'proxy.yaml',
    `
upstreams:
  - name: a
    url: https://10.0.0.5:8000/base/
    kind: vllm
    models: [m1]
    weight: 2
    api_key_file: /key
    ca_file: /ca
    usage: final
    health_path: /ping
  - url: http://b:1234
models: [m9, {name: m1, ttft: 500ms, tpot: 50ms}]
paths: [/v1/messages, /tokenize]
default_limits: {requests_per_minute: 10}
tenants:
  web: {models: [m1], requests_per_minute: 60, tokens_per_minute: 1000, concurrency: 4, queue_timeout: 2s, tokens_per_day: 5, tokens_per_month: 6}
  free:
`,
    ['http://c:1'],
  );
  expect(gateway.upstreams.map(({ url: { href }, ...rest }) => ({ href, ...rest }))).toEqual([
    {
      href: 'http://c:1/',
      name: 'c:1',
      kind: 'openai',
      models: undefined,
      weight: 1,
      apiKeyFile: undefined,
      caFile: undefined,
      usage: 'final',
      healthPath: '/v1/models',
    },
    {
      href: 'https://10.0.0.5:8000/base/',
      name: 'a',
      kind: 'vllm',
      models: ['m1'],
      weight: 2,
      apiKeyFile: '/key',
      caFile: '/ca',
      usage: 'final',
      healthPath: '/ping',
    },
    {
      href: 'http://b:1234/',
      name: 'b:1234',
      kind: 'openai',
      models: undefined,
      weight: 1,
      apiKeyFile: undefined,
      caFile: undefined,
      usage: 'final',
      healthPath: '/v1/models',
    },
  ]);
  expect(gateway.models).toEqual(['m9', 'm1']);
  expect([...gateway.paths]).toEqual(['/v1/messages', '/tokenize']);
  expect(gateway.sloOfModels.get('m1')).toEqual({ ttft: 0.5, tpot: 0.05 });
  expect(gateway.defaultLimits).toMatchObject({ requestsPerMinute: 10, concurrency: undefined });
  expect(gateway.tenants.get('web')).toEqual({
    models: ['m1'],
    requestsPerMinute: 60,
    tokensPerMinute: 1000,
    concurrency: 4,
    queueSeconds: 2,
    tokensPerDay: 5,
    tokensPerMonth: 6,
  });
  expect(gateway.tenants.get('free')).toMatchObject({ requestsPerMinute: undefined });
});

test('an empty file is one without anything', () => {
  expect(parseGateway('f', '', [])).toMatchObject({ upstreams: [], models: [] });
});

test.each([
  ['upstreams: x', 'f: upstreams must be a list, got "x"'],
  [
    'upstream: []',
    'f has the unknown key upstream; it may have upstreams, models, paths, tenants, default_limits; did you mean upstreams?',
  ],
  ['upstreams: [{name: a}]', 'f: upstreams[0].url must be a text of 1 to 500 characters, got undefined'],
  [
    'upstreams: [{url: "ftp://x"}]',
    'f: upstreams[0].url must be an address such as http://10.0.0.5:8000, without a query, got "ftp://x"',
  ],
  [
    'upstreams: [{url: "http://x?y"}]',
    'f: upstreams[0].url must be an address such as http://10.0.0.5:8000, without a query, got "http://x?y"',
  ],
  [
    'upstreams: [{url: "http://u:secret@x"}]',
    'f: upstreams[0].url must not hold a user or password; name a file that holds the key',
  ],
  ['upstreams: [{url: "http://x", weight: 0}]', 'f: upstreams[0].weight must be a number above 0, got 0'],
  [
    'upstreams: [{url: "http://x", usage: all}]',
    'f: upstreams[0].usage must be one of final, continuous, none, got "all"',
  ],
  [
    'upstreams: [{url: "http://x", name: "a b"}]',
    'f: upstreams[0].name must be a name of letters, digits and . _ : @ / -, at most 100 of them, got "a b"',
  ],
  ['upstreams: [{url: "http://x"}, {url: "http://x"}]', 'f: two upstreams are called x; give each a name'],
  [
    'paths: [/v1/../sleep]',
    'f: paths[0] must be a path of letters, digits and . _ : @ + / -, without . or .. between slashes, got "/v1/../sleep"',
  ],
  [
    'tenants: {unknown: {}}',
    'f: tenants.unknown is the name of all whose key is not known; use default_limits for them',
  ],
  ['tenants: {a: {concurrency: 1.5}}', 'f: tenants.a.concurrency must be a whole number above 0, got 1.5'],
  ['tenants: {a: {queue_timeout: 5}}', 'f: tenants.a.queue_timeout must be a duration such as 500ms or 2s, got 5'],
  ['tenants: {a: {requests_per_minute: .nan}}', 'f: tenants.a.requests_per_minute must be a number above 0, got NaN'],
  ['models: [{name: m, ttft: -1s}]', 'f: models[0].ttft must be a duration such as 500ms or 2s, got "-1s"'],
  ['[1', /^f:1:\d+ is no valid YAML: /],
])('%s is refused', (text, message) => {
  let thrown: unknown;
  try {
    parseGateway('f', text, []);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ConfigError);
  if (typeof message === 'string') expect((thrown as Error).message).toBe(message);
  else expect((thrown as Error).message).toMatch(message);
});

test('addresses of the command line are checked too', () => {
  expect(() => upstreamsOf(['http://a', 'nonsense'])).toThrow('--proxy.upstreams[1] must be an address');
});

describe('keys', () => {
  const [a, b] = [sha256('sk-a'), sha256('sk-b')];

  test('as sha256sum prints them, with the tenant in place of the file', () => {
    const keys = parseKeys(
      'keys',
      `# of the platform team\n${a}  web\n\n${b.toUpperCase()} *research/nlp # until June\n`,
    );
    expect([tenantOfKey(keys, 'sk-a'), tenantOfKey(keys, 'sk-b'), tenantOfKey(keys, 'sk-c')]).toEqual([
      'web',
      'research/nlp',
      undefined,
    ]);
  });

  test.each([
    ['sk-in-plain-text web', 'keys:1 must be the SHA-256 of a key'],
    [`${a}`, 'keys:1 must be the SHA-256 of a key'],
    [`${a} web x`, 'keys:1 must be the SHA-256 of a key'],
    [`${a} we"b`, 'keys:1 must be the SHA-256 of a key'],
    [`\n${a} web\n${a} other`, 'keys:3 gives the tenant "other" a key that "web" has already'],
  ])('%j is refused', (text, message) => {
    expect(() => parseKeys('keys', text)).toThrow(message);
    expect(() => parseKeys('keys', text)).not.toThrow('plain-text');
  });

  test('a tenant for each key would be too many labels', () => {
    const text = Array.from({ length: 1001 }, (_, index) => `${sha256(String(index))} t${index}`).join('\n');
    expect(() => parseKeys('keys', text)).toThrow('keys has 1001 tenants; at most 1000 are allowed');
  });
});
