import { eventually } from '../../../support/eventually.ts';
import {
  type FakeKubernetes,
  namespaceObject,
  nodeObject,
  podObject,
  startFakeKubernetes,
} from '../../../support/fake-kubernetes.ts';

let fake: FakeKubernetes;

beforeEach(async () => {
  fake = await startFakeKubernetes();
});
afterEach(() => fake.stop());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly kind?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly metadata: {
      readonly resourceVersion?: string;
      readonly continue?: string;
      readonly name?: string;
      readonly deletionTimestamp?: string;
    };
    readonly items: readonly { readonly metadata: { readonly name: string }; readonly spec?: unknown }[];
    readonly spec?: { readonly taints?: unknown; readonly unschedulable?: boolean };
  };
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${fake.url}${path}`, init);
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

function patch(path: string, body: unknown, type = 'merge-patch'): Promise<Answer> {
  const headers = { 'content-type': `application/${type}+json` };
  return ask(path, { method: 'PATCH', headers, body: JSON.stringify(body) });
}

const namesIn = ({ body }: Answer): readonly string[] => body.items.map(({ metadata }) => metadata.name);

describe('lists', () => {
  test('in pieces show one moment, whatever changes meanwhile', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) fake.store.put('nodes', nodeObject(name));
    const first = await ask('/api/v1/nodes?limit=2');
    fake.store.remove('nodes', 'd');
    fake.store.put('nodes', nodeObject('cc'));
    const second = await ask(`/api/v1/nodes?limit=2&continue=${first.body.metadata.continue}`);
    const third = await ask(`/api/v1/nodes?limit=2&continue=${second.body.metadata.continue}`);
    expect([first, second, third].map(namesIn)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(third.body.metadata.continue).toBeUndefined();
    expect(third.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
    expect(namesIn(await ask('/api/v1/nodes'))).toEqual(['a', 'b', 'c', 'cc', 'e']);
  });

  test('say 410 once the past is compacted', async () => {
    for (const name of ['a', 'b']) fake.store.put('nodes', nodeObject(name));
    const { body } = await ask('/api/v1/nodes?limit=1');
    fake.compact();
    const late = await ask(`/api/v1/nodes?limit=1&continue=${body.metadata.continue}`);
    expect([late.status, late.body.kind, late.body.reason]).toEqual([410, 'Status', 'Expired']);
  });

  test.each([
    ['labelSelector', 'gpu=h100', ['a']],
    ['labelSelector', 'gpu!=h100', ['b', 'c']],
    ['labelSelector', 'gpu in (h100,a100)', ['a', 'b']],
    ['labelSelector', 'gpu notin (h100, a100)', ['c']],
    ['labelSelector', 'gpu,zone=z1', ['b']],
    ['labelSelector', '!gpu', ['c']],
    ['fieldSelector', 'spec.nodeName=n1', ['a', 'b']],
    ['fieldSelector', 'status.phase!=Succeeded,status.phase!=Failed', ['a', 'c']],
    ['fieldSelector', 'metadata.name=b', ['b']],
  ])('%s %s', async (kind, selector, names) => {
    fake.store.put('pods', podObject('ns', 'a', { node: 'n1', labels: { gpu: 'h100' } }));
    fake.store.put('pods', podObject('ns', 'b', { node: 'n1', labels: { gpu: 'a100', zone: 'z1' }, phase: 'Failed' }));
    fake.store.put('pods', podObject('ns', 'c'));
    expect(namesIn(await ask(`/api/v1/pods?${kind}=${encodeURIComponent(selector)}`))).toEqual(names);
  });

  test('refuse a field that cannot be selected by', async () => {
    const { status, body } = await ask('/api/v1/pods?fieldSelector=spec.containers=x');
    expect([status, body.message]).toEqual([400, 'field label not supported: spec.containers']);
  });

  test('leave all but the metadata out for those who want it', async () => {
    fake.store.put('pods', podObject('ns', 'a'));
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';
    const { body } = await ask('/api/v1/pods', { headers: { accept } });
    expect([body.kind, body.items[0]?.metadata.name, body.items[0]?.spec]).toEqual([
      'PartialObjectMetadataList',
      'a',
      undefined,
    ]);
  });

  test('of one namespace hold no others', async () => {
    fake.store.put('pods', podObject('ns', 'a'));
    fake.store.put('pods', podObject('other', 'b'));
    expect(namesIn(await ask('/api/v1/namespaces/ns/pods'))).toEqual(['a']);
    fake.store.put('namespaces', namespaceObject('ns'));
    expect((await ask('/api/v1/namespaces/ns')).body.metadata.name).toBe('ns');
  });
});

describe('watches', () => {
  interface Event {
    readonly type: string;
    readonly object: {
      readonly code?: number;
      readonly metadata: { readonly name?: string; readonly resourceVersion?: string };
    };
  }

  async function watch(query: string): Promise<{ readonly events: readonly Event[]; readonly stop: () => void }> {
    const ending = new AbortController();
    const response = await fetch(`${fake.url}/api/v1/pods?watch=1&${query}`, { signal: ending.signal });
    const events: Event[] = [];
    void read(response, events).catch(() => undefined);
    return { events, stop: () => ending.abort() };
  }

  async function read(response: Response, events: Event[]): Promise<void> {
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const lines = (rest + Buffer.from(chunk).toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) events.push(JSON.parse(line));
    }
  }

  const told = ({ type, object }: Event) => `${type} ${object.metadata.name ?? ''}`.trim();
  const all = (events: readonly Event[], count: number) =>
    eventually(`${count} events`, () => (events.length >= count ? events.map(told) : undefined));

  test('replay what has changed since, and go on', async () => {
    const from = fake.store.put('pods', podObject('ns', 'old')).metadata.resourceVersion;
    fake.store.put('pods', podObject('ns', 'a'));
    const { events, stop } = await watch(`resourceVersion=${from}&allowWatchBookmarks=true`);
    fake.store.put('pods', podObject('ns', 'a', { node: 'n1' }));
    fake.store.remove('pods', 'a', 'ns');
    await all(events, 3);
    for (const open of fake.watches()) open.bookmark();
    expect(await all(events, 4)).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a', 'BOOKMARK']);
    expect(events.at(-1)?.object.metadata.resourceVersion).toBe(String(fake.store.revision()));
    stop();
  });

  test('with a selector tell what comes into sight and leaves it', async () => {
    const from = fake.store.revision();
    const { events, stop } = await watch(`resourceVersion=${from}&fieldSelector=status.phase!%3DFailed`);
    fake.store.put('pods', podObject('ns', 'a'));
    fake.store.put('pods', podObject('ns', 'a', { phase: 'Failed' }));
    fake.store.put('pods', podObject('ns', 'a', { node: 'n1' }));
    expect(await all(events, 3)).toEqual(['ADDED a', 'DELETED a', 'ADDED a']);
    stop();
  });

  test('say 410 in an event if what they missed is forgotten', async () => {
    const from = fake.store.revision();
    fake.store.put('pods', podObject('ns', 'a'));
    fake.compact();
    const { events } = await watch(`resourceVersion=${from}`);
    await all(events, 1);
    expect([events[0]?.type, events[0]?.object.code]).toEqual(['ERROR', 410]);
  });
});

describe('objects', () => {
  test('refuse a change to what was changed meanwhile', async () => {
    const seen = fake.store.put('nodes', nodeObject('a')).metadata.resourceVersion;
    expect((await patch('/api/v1/nodes/a', { spec: { unschedulable: true } })).body.spec?.unschedulable).toBe(true);
    const late = await patch('/api/v1/nodes/a', {
      metadata: { resourceVersion: seen },
      spec: { unschedulable: false },
    });
    expect([late.status, late.body.reason]).toEqual([409, 'Conflict']);
  });

  test('merge taints by their keys', async () => {
    fake.store.put('nodes', nodeObject('a', { spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } }));
    const patched = await patch(
      '/api/v1/nodes/a',
      { spec: { taints: [{ key: 'y', effect: 'NoExecute' }] } },
      'strategic-merge-patch',
    );
    expect(patched.body.spec?.taints).toEqual([
      { key: 'x', effect: 'NoSchedule' },
      { key: 'y', effect: 'NoExecute' },
    ]);
  });

  test('do not change in a dry run', async () => {
    fake.store.put('nodes', nodeObject('a'));
    const before = fake.store.revision();
    expect(
      (await patch('/api/v1/nodes/a?dryRun=All', { spec: { unschedulable: true } })).body.spec?.unschedulable,
    ).toBe(true);
    expect(fake.store.revision()).toBe(before);
  });

  test('a pod on a node stays until its kubelet has stopped it', async () => {
    fake.store.put('pods', podObject('ns', 'a', { node: 'n1' }));
    fake.store.put('pods', podObject('ns', 'b'));
    for (const name of ['a', 'b']) await ask(`/api/v1/namespaces/ns/pods/${name}`, { method: 'DELETE' });
    expect(fake.store.get('pods', 'b', 'ns')).toBeUndefined();
    expect(fake.store.get('pods', 'a', 'ns')?.metadata.deletionTimestamp).toBeDefined();
  });

  test('a kubelet that works removes the pod', async () => {
    await fake.stop();
    fake = await startFakeKubernetes({ kubeletSeconds: 0.01 });
    fake.store.put('pods', podObject('ns', 'a', { node: 'n1' }));
    await ask('/api/v1/namespaces/ns/pods/a', { method: 'DELETE' });
    await eventually('the end of the pod', () => fake.store.get('pods', 'a', 'ns') === undefined || undefined);
  });

  test('that are not there, and paths that are not served, are 404', async () => {
    const { status, body } = await ask('/api/v1/nodes/none');
    expect([status, body.message]).toEqual([404, 'nodes "none" not found']);
    expect((await ask('/apis/apps/v1/nodes')).status).toBe(404);
  });
});

describe('who may what', () => {
  test('no token, or a wrong one, is 401', async () => {
    fake.setTokens(['right']);
    const statusWith = async (token: string) =>
      (await ask('/api/v1/nodes', { headers: { authorization: `Bearer ${token}` } })).status;
    expect([(await ask('/api/v1/nodes')).status, await statusWith('wrong'), await statusWith('right')]).toEqual([
      401, 401, 200,
    ]);
  });

  test('what is forbidden is 403 with the words of the real one', async () => {
    fake.forbid('list', 'replicasets');
    const { status, body } = await ask('/apis/apps/v1/replicasets');
    expect([status, body.message]).toEqual([
      403,
      'replicasets is forbidden: User "system:serviceaccount:fleetlens:fleetlens-cmdb" cannot list resource "replicasets" in API group "apps" at the cluster scope',
    ]);
    fake.allowAll();
    expect((await ask('/apis/apps/v1/replicasets')).status).toBe(200);
  });
});

describe('faults', () => {
  test('strike as often as told', async () => {
    fake.inject({ trouble: { kind: 'busy', retryAfterSeconds: 7 }, times: 1 });
    const refused = await ask('/api/v1/nodes');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await ask('/api/v1/nodes')).status).toBe(200);
    expect(fake.calls()).toEqual({ 'list nodes': 2 });
  });

  test('break an answer off in its middle', async () => {
    fake.store.put('nodes', nodeObject('a'));
    fake.inject({ trouble: { kind: 'reset' } });
    await expect(ask('/api/v1/nodes')).rejects.toThrow();
    fake.heal();
    expect((await ask('/api/v1/nodes')).status).toBe(200);
  });
});
