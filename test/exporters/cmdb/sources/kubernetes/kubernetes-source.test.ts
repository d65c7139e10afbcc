import { readFileSync } from 'node:fs';
import { setTimeout as sleepMs } from 'node:timers/promises';
import { SourceError } from '../../../../../kit/errors.ts';
import { eventually } from '../../../../support/eventually.ts';
import { startFakeHttpServer } from '../../../../support/fake-http-server.ts';
import {
  type FakeKubernetes,
  itemOf,
  namespaceObject,
  nodeObject,
  ownedObject,
  ownerReference,
  podObject,
  relationsOf,
  sourceOf,
  startFakeKubernetes,
} from '../../../../support/fake-kubernetes.ts';
import { readTlsFile, tlsFile } from '../../../../support/tls-files.ts';

let fake: FakeKubernetes;
const opened: { readonly stop: () => Promise<void> }[] = [];

beforeEach(async () => {
  fake = await startFakeKubernetes();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((source) => source.stop()));
  await fake.stop();
});

function open(...args: Parameters<typeof sourceOf> extends [unknown, ...infer Rest] ? Rest : never) {
  const source = sourceOf(fake, ...args);
  opened.push(source);
  return source;
}

/** Counts the waits instead of waiting. */
function impatient() {
  const waits: number[] = [];
  const sleep = async (seconds: number): Promise<void> => {
    waits.push(seconds);
  };
  return { waits, deps: { sleep, random: () => 0.5 } };
}

function fill(nodes: number): void {
  for (let node = 0; node < nodes; node++) fake.store.put('nodes', nodeObject(`n${node}`));
}

const classOf = (observation: Awaited<ReturnType<ReturnType<typeof open>['observe']>>, name: string) =>
  observation.items.filter((item) => item.class === name).map(({ key }) => key.slice(name.length + 1));

async function watching(resources = 3): Promise<void> {
  await eventually('the watches', () => fake.watches().length === resources || undefined);
}

async function endWatches(): Promise<void> {
  for (const watch of fake.watches()) watch.expire();
  await eventually('the end of the watches', () => fake.watches().length === 0 || undefined);
}

test('the owners of owners are found: a Deployment above a ReplicaSet, a CronJob and a JobSet above Jobs', async () => {
  fill(1);
  fake.store.put('namespaces', namespaceObject('ns', { 'fleetlens.io/tenant': 'acme' }));
  fake.store.put('replicasets', ownedObject('ns', 'llama-7d9c', 'rs-1', ownerReference('Deployment', 'llama')));
  fake.store.put('jobs', ownedObject('ns', 'etl-2911', 'job-1', ownerReference('CronJob', 'etl')));
  fake.store.put('jobs', ownedObject('ns', 'pretrain-workers-0', 'job-2', ownerReference('JobSet', 'pretrain')));
  fake.store.put('jobs', ownedObject('ns', 'single', 'job-3'));
  const owners = [
    ownerReference('ReplicaSet', 'llama-7d9c', 'rs-1'),
    ownerReference('Job', 'etl-2911', 'job-1'),
    ownerReference('Job', 'pretrain-workers-0', 'job-2'),
    ownerReference('Job', 'single', 'job-3'),
  ];
  for (const [index, owner] of owners.entries())
    fake.store.put('pods', podObject('ns', `p${index}`, { node: 'n0', gpus: 1, owner }));
  const observation = await open().observe();
  expect(classOf(observation, 'application')).toEqual([
    'ns/Deployment/llama',
    'ns/CronJob/etl',
    'ns/JobSet/pretrain',
    'ns/Job/single',
  ]);
  expect(relationsOf(itemOf(observation, 'application:ns/CronJob/etl'))).toEqual({
    part_of: ['namespace:ns'],
    owned_by: ['tenant:acme'],
    runs_on: ['server:n0'],
  });
});

test('a server that cannot leave all but the metadata out is read all the same', async () => {
  const old = await startFakeKubernetes({ hasPartialMetadata: false });
  for (const server of [fake, old]) {
    server.store.put('namespaces', namespaceObject('ns', { 'fleetlens.io/tenant': 'acme' }));
    const replicaSet = ownedObject('ns', 'llama-7d9c', 'rs-1', ownerReference('Deployment', 'llama'));
    server.store.put('replicasets', { ...replicaSet, spec: { template: 'x'.repeat(10_000) } });
    server.store.put(
      'pods',
      podObject('ns', 'p', { gpus: 1, owner: ownerReference('ReplicaSet', 'llama-7d9c', 'rs-1') }),
    );
  }
  const source = sourceOf(old);
  expect(await source.observe()).toEqual(await open().observe());
  expect([fake.bytesSent() > 10_000, old.bytesSent() > 10_000]).toEqual([false, true]);
  await source.stop();
  await old.stop();
});

test('only what is needed is asked for', async () => {
  fill(1);
  fake.store.put('pods', podObject('ns', 'p', { gpus: 1 }));
  fake.store.put('pods', podObject('ns', 'done', { phase: 'Succeeded', labels: { long: 'x'.repeat(50_000) } }));
  const source = open();
  await source.observe();
  await watching();
  expect(fake.bytesSent()).toBeLessThan(50_000);
  expect(fake.calls()).toEqual({
    'list pods': 1,
    'list nodes': 1,
    'list namespaces': 1,
    'watch pods': 1,
    'watch nodes': 1,
    'watch namespaces': 1,
  });
  await open({ applications: 'none' }).observe();
  expect(fake.calls()).toMatchObject({ 'list pods': 1, 'list nodes': 2 });
});

describe('lists', () => {
  test('in pages', async () => {
    fill(600);
    expect(classOf(await open().observe(), 'server')).toHaveLength(600);
    expect(fake.calls()).toMatchObject({ 'list nodes': 1, 'continue nodes': 2 });
  });

  test('tell how far they are', async () => {
    for (let pod = 0; pod < 1200; pod++) fake.store.put('pods', podObject('ns', `p${pod}`));
    const told: (readonly [number, number])[] = [];
    await open().observe(undefined, (done, total) => told.push([done, total]));
    expect(told).toEqual([
      [500, 1200],
      [1000, 1200],
      [1200, 1200],
    ]);
  });

  test('begin anew when their token expires, with larger pages', async () => {
    fill(600);
    fake.inject({ trouble: { kind: 'expired' }, when: (call) => !call.isFirstPage, times: 1 });
    expect(classOf(await open().observe(), 'server')).toHaveLength(600);
    expect(fake.calls()).toMatchObject({ 'list nodes': 2, 'continue nodes': 2 });
  });

  test('that always expire end with an error', async () => {
    fill(9000);
    fake.inject({ trouble: { kind: 'expired' }, when: ({ isFirstPage }) => !isFirstPage });
    const error = await open()
      .observe()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceError);
    expect(String(error)).toContain('begun 5 times');
    expect(fake.calls()).toMatchObject({ 'list nodes': 5 });
  });

  test('are asked again as late as the server wants', async () => {
    fill(1);
    fake.inject({ trouble: { kind: 'busy', retryAfterSeconds: 7 }, when: ({ verb }) => verb === 'list', times: 2 });
    const { waits, deps } = impatient();
    expect(classOf(await open({}, deps).observe(), 'server')).toEqual(['n0']);
    expect(waits.slice(0, 2)).toEqual([7.25, 7.5]);
  });

  test('are given up when the server wants to be left alone for long', async () => {
    fake.inject({ trouble: { kind: 'busy', retryAfterSeconds: 3600 } });
    const { waits, deps } = impatient();
    await expect(open({}, deps).observe()).rejects.toThrow(
      /list pods: answered 429.*it asks to be left alone for 3600 s/,
    );
    expect(waits).toEqual([]);
  });

  test.each([
    ['an error of the server', { kind: 'internal-error' } as const, /answered 500: Internal error occurred/],
    ['a connection that breaks', { kind: 'reset' } as const, /list pods|\/api\/v1\/pods/],
    ['an answer that is no JSON', { kind: 'garbage' } as const, /no JSON/],
  ])('survive %s, and give up when it does not end', async (_what, trouble, message) => {
    fill(1);
    const { waits, deps } = impatient();
    fake.inject({ trouble, when: ({ verb }) => verb === 'list', times: 4 });
    expect(classOf(await open({}, deps).observe(), 'server')).toEqual(['n0']);
    expect(waits.slice(0, 4)).toEqual([0.25, 0.5, 1, 2]);
    fake.inject({ trouble });
    const failing = open({}, deps).observe();
    await expect(failing).rejects.toThrow(SourceError);
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.toThrow('gave up after 5 tries');
  });

  test('a server that hangs in its answer is left at the deadline, with the remedy', async () => {
    fake.inject({ trouble: { kind: 'hang' } });
    const failing = open({ timeout: '200ms' }).observe();
    await expect(failing).rejects.toThrow(
      /\/api\/v1\/pods: no answer within 0.2 s; see that the API server is well and reachable from here, or raise timeout/,
    );
    expect(fake.calls()).toEqual({ 'list pods': 1 });
  });

  test('nobody waits for a server after the source is stopped', async () => {
    fake.inject({ trouble: { kind: 'hang' } });
    await expect(open().observe(AbortSignal.timeout(50))).rejects.toThrow(SourceError);
  });

  test('nobody waits for the next try either', async () => {
    fake.inject({ trouble: { kind: 'busy', retryAfterSeconds: 50 } });
    await expect(open().observe(AbortSignal.timeout(50))).rejects.toThrow(SourceError);
  });

  test('a server that is not there is an error that names it', async () => {
    const { url } = fake;
    await fake.stop();
    const { deps } = impatient();
    await expect(sourceOf({ url }, {}, deps).observe()).rejects.toThrow(/127\.0\.0\.1:\d+.*ECONNREFUSED/);
    fake = await startFakeKubernetes();
  });

  test.each([
    ['another service', '{"status":"ok"}', 'is no list of Kubernetes'],
    [
      'a page that names itself as next',
      '{"metadata":{"resourceVersion":"1","continue":"a"},"items":null}',
      'does not go on',
    ],
    ['items that are none', '{"metadata":{"resourceVersion":"1"},"items":{"a":1}}', 'is no list of Kubernetes'],
  ])('%s is an error', async (_what, body, message) => {
    const other = await startFakeHttpServer((response) => response.end(body));
    await expect(sourceOf(other).observe()).rejects.toThrow(message);
    await other.stop();
  });
});

describe('who may what', () => {
  test.each(['nodes', 'pods', 'namespaces'] as const)(
    'without %s nothing is seen, and the missing rule is told',
    async (resource) => {
      fake.forbid('*', resource);
      await expect(open().observe()).rejects.toThrow(
        `needs the rule apiGroups: [""], resources: ["${resource}"], verbs: ["get", "list", "watch"]`,
      );
    },
  );

  test('without owners the nodes are seen, and no application is taken for missing', async () => {
    fill(1);
    fake.store.put('pods', podObject('ns', 'a', { gpus: 1, owner: ownerReference('ReplicaSet', 'x') }));
    fake.store.put('pods', podObject('ns', 'b', { gpus: 1, owner: ownerReference('StatefulSet', 'db') }));
    fake.forbid('list', 'replicasets');
    const observation = await open().observe();
    expect(classOf(observation, 'server')).toEqual(['n0']);
    expect(classOf(observation, 'application')).toEqual(['ns/StatefulSet/db']);
    expect(observation).toMatchObject({ isComplete: true, failedScopes: ['applications'] });
    expect(observation.problems[0]?.reason).toContain('apiGroups: ["apps"], resources: ["replicasets"]');
    expect(itemOf(observation, 'application:ns/StatefulSet/db').scope).toBe('applications');
  });

  test('without watches all is listed each time, and the reason is told', async () => {
    fill(1);
    for (const resource of ['nodes', 'pods', 'namespaces'] as const) fake.forbid('watch', resource);
    const source = open();
    await source.observe();
    await eventually('the refusals', () => (fake.calls()['watch namespaces'] ?? 0) > 0 || undefined);
    await sleepMs(50);
    fake.store.put('nodes', nodeObject('n1'));
    const observation = await source.observe();
    expect(classOf(observation, 'server')).toEqual(['n0', 'n1']);
    expect(observation.problems.map(({ subject }) => subject)).toEqual(['pods', 'nodes', 'namespaces']);
    expect(observation.problems[0]?.reason).toContain('watch pods: not allowed (403');
  });

  test('a token that is replaced is read when the old one is refused', async () => {
    const files = { token: 'first' };
    fake.setTokens(['first']);
    const source = open({ token_file: '/token' }, { readFile: () => files.token });
    await source.observe();
    await watching();
    fake.setTokens(['second']);
    files.token = 'second';
    await endWatches();
    expect((await source.observe()).isComplete).toBe(true);
  });

  test('a token is read again each minute', async () => {
    let now = 1000;
    const read: string[] = [];
    const readFile = (path: string): string => {
      read.push(path);
      return 'token';
    };
    const clock = { now: () => now, monotonic: () => now };
    const source = open({ token_file: '/token', applications: 'none' }, { readFile, clock });
    read.length = 0;
    await source.observe();
    expect(read).toEqual(['/token']);
    for (const [seconds, reads] of [
      [30, 1],
      [31, 2],
    ] as const) {
      await watching(2);
      now += seconds;
      await endWatches();
      await source.observe();
      expect(read).toHaveLength(reads);
    }
  });

  test('a wrong token is an error that names the file and not the token', async () => {
    fake.setTokens(['right']);
    const error = await open({ token_file: '/run/token' }, { readFile: () => 'hunter2' })
      .observe()
      .catch((thrown: unknown) => String(thrown));
    expect(error).toContain('does not know the token (401); see that /run/token holds a token of this cluster');
    expect(error).not.toContain('hunter2');
    expect(fake.calls()).toEqual({ 'list pods': 2 });
  });
});

test('HTTPS is spoken with a certificate of the authority that is given, and no other', async () => {
  const secure = await startFakeKubernetes({
    tls: { cert: readTlsFile('server.pem'), key: readTlsFile('server.key') },
  });
  const readFile = (path: string): string => readFileSync(path, 'utf8');
  const address = { url: secure.url.replace('127.0.0.1', 'localhost') };
  const trusting = sourceOf(address, { ca_file: tlsFile('ca.pem') }, { readFile });
  expect((await trusting.observe()).isComplete).toBe(true);
  await trusting.stop();
  await expect(sourceOf(address).observe()).rejects.toThrow('the certificate cannot be trusted');
  await secure.stop();
});

test('a client certificate of a kubeconfig is shown to a server that wants one', async () => {
  const files = { cert: readTlsFile('server.pem'), key: readTlsFile('server.key'), ca: readTlsFile('ca.pem') };
  const secure = await startFakeKubernetes({ tls: files });
  const server = secure.url.replace('127.0.0.1', 'localhost');
  const kubeconfig = (user: string): string => `
current-context: a
contexts: [{ name: a, context: { cluster: a, user: a } }]
clusters: [{ name: a, cluster: { server: '${server}', certificate-authority: '${tlsFile('ca.pem')}' } }]
users: [{ name: a, user: { ${user} } }]
`;
  const open = (user: string) =>
    sourceOf(
      { url: '' },
      { url: undefined, kubeconfig: '/kubeconfig' },
      {
        ...impatient().deps,
        readFile: (path) => (path === '/kubeconfig' ? kubeconfig(user) : readFileSync(path, 'utf8')),
      },
    );
  const known = open(`client-certificate: '${tlsFile('client.pem')}', client-key: '${tlsFile('client.key')}'`);
  expect((await known.observe()).isComplete).toBe(true);
  await known.stop();
  await expect(open('token: abc').observe()).rejects.toThrow(SourceError);
  await secure.stop();
});

describe('watches', () => {
  test('keep a copy fresh, so that nothing is listed again', async () => {
    fill(2);
    const source = open();
    await source.observe();
    await watching();
    fake.store.put('nodes', nodeObject('n2'));
    fake.store.remove('nodes', 'n0');
    fake.store.put('pods', podObject('ns', 'p', { node: 'n1', gpus: 4 }));
    const expected = ['n1', 'n2'];
    const observation = await eventually('the changes', async () => {
      const seen = await source.observe();
      const isSeen = classOf(seen, 'server').join() === expected.join() && classOf(seen, 'application').length === 1;
      return isSeen ? seen : undefined;
    });
    expect(itemOf(observation, 'application:ns/Pod/p').attributes['gpu_count']).toBe(4);
    fake.store.put('pods', podObject('ns', 'p', { node: 'n1', gpus: 4, phase: 'Succeeded' }));
    await eventually('its end', async () => classOf(await source.observe(), 'application').length === 0 || undefined);
    expect(fake.calls()).toMatchObject({ 'list nodes': 1, 'list pods': 1, 'list namespaces': 1 });
  });

  test('go on after a break from where they were', async () => {
    fill(1);
    const source = open();
    await source.observe();
    await watching();
    fake.inject({ trouble: { kind: 'internal-error' }, when: ({ verb }) => verb === 'watch', times: 3 });
    for (const watch of fake.watches()) watch.reset();
    fake.store.put('nodes', nodeObject('n1'));
    await eventually(
      'watches again',
      () => ((fake.calls()['watch nodes'] ?? 0) > 1 && fake.watches().length === 3) || undefined,
    );
    await eventually('the node', async () => classOf(await source.observe(), 'server').length === 2 || undefined);
    expect(fake.calls()).toMatchObject({ 'list nodes': 1 });
  });

  test('that lose the past give way to a list', async () => {
    fill(2);
    const source = open();
    await source.observe();
    await watching();
    for (const watch of fake.watches()) watch.hang();
    fake.store.remove('nodes', 'n0');
    fake.store.put('nodes', nodeObject('n2'));
    fake.compact();
    for (const watch of fake.watches()) watch.reset();
    const servers = await eventually('the truth', async () => {
      const seen = classOf(await source.observe(), 'server');
      return seen.includes('n2') ? seen : undefined;
    });
    expect(servers).toEqual(['n1', 'n2']);
    expect(fake.calls()).toMatchObject({ 'list nodes': 2 });
  });

  test('that are told of the loss in an event give way to a list too', async () => {
    fill(1);
    const source = open();
    await source.observe();
    await watching();
    await endWatches();
    await sleepMs(50);
    expect(fake.calls()).toMatchObject({ 'watch nodes': 1 });
    fake.store.put('nodes', nodeObject('n1'));
    expect(classOf(await source.observe(), 'server')).toEqual(['n0', 'n1']);
    await watching();
    expect(fake.calls()).toMatchObject({ 'list nodes': 2, 'watch nodes': 2 });
  });

  test('that are silent are taken for dead', async () => {
    fill(1);
    const source = open({}, { silenceSeconds: 0.2 });
    await source.observe();
    await watching();
    for (const watch of fake.watches()) watch.hang();
    fake.store.put('nodes', nodeObject('n1'));
    await eventually('the node', async () => classOf(await source.observe(), 'server').length === 2 || undefined);
  });

  test('that end at once are opened ever more seldom', async () => {
    fill(1);
    const waits: number[] = [];
    const sleep = async (seconds: number, signal: AbortSignal): Promise<void> => {
      waits.push(seconds);
      await sleepMs(waits.length < 10 ? 1 : 60_000, undefined, { signal });
    };
    fake.inject({ trouble: { kind: 'reset' }, when: ({ verb }) => verb === 'watch' });
    await open({ applications: 'none' }, { sleep, random: () => 0.999 }).observe();
    await eventually('ten waits', () => waits.length >= 10 || undefined);
    const largest = Math.max(...waits);
    expect(largest).toBeGreaterThan(7);
    expect(waits.filter((wait) => wait < 0.4)).toEqual([]);
  });

  test('wait as long as the server asks', async () => {
    const { waits, deps } = impatient();
    fake.inject({ trouble: { kind: 'busy', retryAfterSeconds: 9 }, when: ({ verb }) => verb === 'watch', times: 1 });
    await open({ applications: 'none' }, deps).observe();
    await watching(2);
    expect(waits.map(Math.floor)).toEqual([9]);
  });

  test('of long events are read piece by piece, and those without end are left', async () => {
    const list = JSON.stringify({ metadata: { resourceVersion: '5' }, items: [] });
    const long = { name: 'n1', uid: 'u1', resourceVersion: '6', annotations: { long: 'ä'.repeat(1_000_000) } };
    const event = `${JSON.stringify({ type: 'ADDED', object: { metadata: long } })}\n`;
    const endless = 'x'.repeat(17 * 1024 * 1024);
    const server = await startFakeHttpServer((response, { form }) => {
      if (form.get('watch') === null) response.end(list);
      else response.write(form.get('resourceVersion') === '5' ? event + endless : '\n');
    });
    const asked = () => server.requests.filter(({ form, path }) => form.get('watch') === '1' && path.endsWith('nodes'));
    const source = sourceOf(server, { applications: 'none' });
    await source.observe();
    await eventually('another watch', () => asked().length > 1 || undefined);
    expect(asked()[1]?.form.get('resourceVersion')).toBe('6');
    await source.stop();
    await server.stop();
  });

  test('lines that make no sense cost the connection and no more', async () => {
    const list = (kind: string) => JSON.stringify({ kind, metadata: { resourceVersion: '5' }, items: [] });
    const lines = [
      '{"type":"ADDED","object":{"metadata":{"name":"n1","uid":"u1","resourceVersion":"6"}}}',
      '{"type":"ADD',
      '',
    ];
    const server = await startFakeHttpServer((response, { form }) => {
      if (form.get('watch') === null) response.end(list('NodeList'));
      else response.write(`${lines.join('\n')}\n`);
    });
    const asked = () => server.requests.filter(({ form, path }) => form.get('watch') === '1' && path.endsWith('nodes'));
    const source = sourceOf(server);
    await source.observe();
    const [, second] = await eventually('another watch', () => (asked().length > 1 ? asked() : undefined));
    expect(second?.form.get('resourceVersion')).toBe('6');
    await source.stop();
    await server.stop();
  });

  test('end with the source', async () => {
    const source = open();
    await source.observe();
    await watching();
    await source.stop();
    await eventually('the end of the watches', () => fake.watches().length === 0 || undefined);
    const before = fake.calls();
    await sleepMs(100);
    expect(fake.calls()).toEqual(before);
  });
});

test('objects that are not as they must be are told and left out', async () => {
  fill(1);
  fake.store.put('nodes', { ...nodeObject('<script>alert(1)</script>') });
  fake.store.put('pods', podObject("ns'; drop table item", 'p', { gpus: 1 }));
  const observation = await open().observe();
  expect(classOf(observation, 'server')).toEqual(['n0']);
  expect(classOf(observation, 'application')).toEqual([]);
  expect(observation.problems.map(({ subject }) => subject)).toEqual(['pods', 'nodes']);
});
