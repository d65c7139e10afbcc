import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type FakeKubernetes, nodeObject, podObject, startFakeKubernetes } from '../../../support/fake-kubernetes.ts';
import { tool } from '../../../support/tools.ts';

/** A client that is not ours: the fake must be good enough for it. */
let fake: FakeKubernetes;
let cache: string;

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), 'kubectl-'));
  fake = await startFakeKubernetes({ kubeletSeconds: 0.05 });
});
afterEach(async () => {
  await fake.stop();
  rmSync(cache, { recursive: true });
});

async function run(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    tool('kubectl'),
    ['--kubeconfig=/dev/null', `--cache-dir=${cache}`, '-s', fake.url, ...args],
    { timeout: 30_000 },
  );
  return stdout.trim();
}

test('kubectl lists in pages and by selector', async () => {
  for (let number = 0; number < 7; number++)
    fake.store.put('pods', podObject('ns', `p${number}`, { node: `n${number % 2}` }));
  const names = await run('get', 'pods', '-A', '--chunk-size=2', '-o', 'name', '--field-selector=spec.nodeName=n0');
  expect(names.split('\n')).toEqual(['pod/p0', 'pod/p2', 'pod/p4', 'pod/p6']);
  expect(fake.calls()).toEqual({ 'list pods': 1, 'continue pods': 1 });
});

test('kubectl cordons, taints and labels a node', async () => {
  fake.store.put('nodes', nodeObject('n1'));
  await run('cordon', 'n1');
  await run('taint', 'node', 'n1', 'a=b:NoSchedule');
  await run('label', 'node', 'n1', 'rack=r1');
  expect(fake.store.get('nodes', 'n1')).toMatchObject({
    metadata: { labels: { rack: 'r1' } },
    spec: { unschedulable: true, taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] },
  });
  await run('taint', 'node', 'n1', 'a-');
  expect(fake.store.get('nodes', 'n1')?.spec?.['taints'] ?? []).toEqual([]);
});

test('kubectl waits until the kubelet has stopped the pod that it deletes', async () => {
  fake.store.put('pods', podObject('ns', 'p', { node: 'n1' }));
  expect(await run('delete', 'pod', 'p', '-n', 'ns')).toContain('deleted');
  expect(fake.store.get('pods', 'p', 'ns')).toBeUndefined();
});
