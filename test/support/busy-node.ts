import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeKubelet, type FakePod, startFakeKubelet } from './fake-kubelet.ts';
import { type FakeLine, writeFakeState } from './fake-nvml.ts';

/** A node with 8 GPUs that two pods each share, with processes of theirs on every GPU, as fakes of the driver, the kubelet and /proc. */
export interface BusyNode {
  /** State file of the fake NVML library. */
  readonly state: string;
  /** Where the file with allocated seconds may be. */
  readonly stateFile: string;
  /** Options with which the exporter sees all of it. */
  readonly args: readonly string[];
  readonly kubelet: FakeKubelet;
  readonly stop: () => Promise<void>;
}

/** Bytes that the process of each pod has on its GPU. */
export const bytesPerPod = 20_000_000_000;
export const gpus = 8;
export const podsPerGpu = 2;

export async function startBusyNode(otherPods = 0): Promise<BusyNode> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-node-'));
  const state = join(folder, 'state');
  const procfs = join(folder, 'proc');
  const podLogs = join(folder, 'pods');
  const socket = join(folder, 'kubelet.sock');
  const pods = Array.from({ length: gpus * podsPerGpu }, (_, pod) => pod);
  mkdirSync(join(procfs, 'self'), { recursive: true });
  writeFakeState(state, [`count=${gpus}`, ...pods.map(processLine)]);
  for (const pod of pods) {
    writeProcess(procfs, pod);
    mkdirSync(join(podLogs, `team-${pod % 4}_train-${pod}_${uid(pod)}`, 'worker'), { recursive: true });
  }
  const kubelet = await startFakeKubelet(socket);
  kubelet.setPods([...pods.map(gpuPod), ...Array.from({ length: otherPods }, (_, pod) => plainPod(pod))]);
  return {
    state,
    stateFile: join(folder, 'allocated.json'),
    kubelet,
    args: [
      '--kubernetes.enabled=on',
      `--kubernetes.pod-resources-socket=${socket}`,
      `--kubernetes.pod-logs-path=${podLogs}`,
      `--path.procfs=${procfs}`,
    ],
    stop: async () => {
      await kubelet.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function gpuOf(pod: number): number {
  return Math.floor(pod / podsPerGpu);
}

function pidOf(pod: number): number {
  return 1000 + pod;
}

function uid(pod: number): string {
  return `00000000-0000-4000-8000-${String(pod).padStart(12, '0')}`;
}

function processLine(pod: number): FakeLine {
  return `gpu.${gpuOf(pod)}.process=${pidOf(pod)}:${bytesPerPod}:40`;
}

function gpuPod(pod: number): FakePod {
  const device = `GPU-${(0xf1ee0000 + gpuOf(pod)).toString(16)}-fa4e-4e57-8000-${gpuOf(pod).toString(16).padStart(12, '0')}`;
  const devices = [{ resource: 'nvidia.com/gpu', ids: [`${device}::${pod % podsPerGpu}`] }];
  return { namespace: `team-${pod % 4}`, name: `train-${pod}`, containers: [{ name: 'worker', devices }] };
}

function plainPod(pod: number): FakePod {
  return { namespace: 'web', name: `web-${pod}`, containers: [{ name: 'app', devices: [] }] };
}

function writeProcess(procfs: string, pod: number): void {
  const folder = join(procfs, String(pidOf(pod)));
  mkdirSync(folder, { recursive: true });
  const slice = `kubepods-burstable-pod${uid(pod).replaceAll('-', '_')}.slice`;
  const scope = `cri-containerd-${String(pod).padStart(64, '0')}.scope`;
  writeFileSync(join(folder, 'cgroup'), `0::/kubepods.slice/kubepods-burstable.slice/${slice}/${scope}\n`);
  writeFileSync(join(folder, 'comm'), 'python\n');
  writeFileSync(join(folder, 'stat'), `${pidOf(pod)} (python) S ${'0 '.repeat(18)}12345 0\n`);
}
