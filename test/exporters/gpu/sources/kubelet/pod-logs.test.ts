import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPodLogs } from '../../../../../exporters/gpu/sources/kubelet/pod-logs.ts';

const uid = '0b1f5a3e-2c77-4f0a-8f43-0123456789ab';
let path = '';

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'pod-logs-'));
});

afterEach(() => rmSync(path, { recursive: true }));

function addPod(folder: string, containers: readonly string[] = []): void {
  for (const container of containers) mkdirSync(join(path, folder, container), { recursive: true });
  mkdirSync(join(path, folder), { recursive: true });
}

test('the folders of logs tell namespace, pod, uid and containers', async () => {
  addPod(`ml_train-0.part_${uid}`, ['main', 'init']);
  addPod('kube-system_static-node1_4d2f0c7be1a84b5d9c2f0c7be1a84b5d');
  const { pods, bad } = await createPodLogs({ path }).read();
  const unknown = { containers: new Map(), labels: {}, isFinished: false };
  expect([...pods].sort((a, b) => (a.namespace < b.namespace ? -1 : 1))).toEqual([
    {
      namespace: 'kube-system',
      pod: 'static-node1',
      uid: '4d2f0c7be1a84b5d9c2f0c7be1a84b5d',
      containerNames: [],
      ...unknown,
    },
    { namespace: 'ml', pod: 'train-0.part', uid, containerNames: ['init', 'main'], ...unknown },
  ]);
  expect(bad).toBe(0);
});

test('what is no folder of a pod is counted and left out', async () => {
  addPod(`ml_train_${uid}`, ['main', 'Not A Container']);
  addPod('lost+found');
  addPod(`ml_tra in_${uid}`);
  addPod(`ml_a_b_${uid}`);
  addPod(uid);
  writeFileSync(join(path, `ml_file_${uid}`), '');
  writeFileSync(join(path, `ml_train_${uid}`, 'file'), '');
  symlinkSync('/', join(path, `ml_link_${uid}`));
  const { pods, bad } = await createPodLogs({ path }).read();
  expect(pods.map(({ pod, containerNames }) => [pod, containerNames])).toEqual([['train', ['main']]]);
  expect(bad).toBe(6);
});

test('a pod with too many container folders has no names of containers rather than a part of them', async () => {
  addPod(
    `ml_many_${uid}`,
    Array.from({ length: 1001 }, (_, index) => `c${index}`),
  );
  const { pods } = await createPodLogs({ path }).read();
  expect(pods.map(({ pod, containerNames }) => [pod, containerNames])).toEqual([['many', undefined]]);
});

test('a folder that is not there is named with what to do', async () => {
  await expect(createPodLogs({ path: join(path, 'none') }).read()).rejects.toThrow(
    /pod log folder .*none cannot be read: .*ENOENT.*mount it into the container, or name it with --kubernetes.pod-logs-path/,
  );
});
