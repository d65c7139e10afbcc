import { type BusyNode, bytesPerPod, gpus, podsPerGpu, startBusyNode } from '../support/busy-node.ts';
import { endCliProcesses, type RunningDaemon, scrape, startDaemonProcess } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { buildFakeNvml } from '../support/fake-nvml.ts';

/** The compiled exporter with its real child process, a fake kubelet over real gRPC, and files as the kernel would show them. */
let node: BusyNode;

beforeEach(async () => {
  node = await startBusyNode(100);
});
afterEach(async () => {
  await endCliProcesses();
  await node.stop();
});

function startExporter(args: readonly string[] = []): Promise<RunningDaemon> {
  const fast = ['--gpu.interval=500ms', '--gpu.process-interval=1s', '--kubernetes.interval=500ms'];
  return startDaemonProcess(['gpu', `--nvml.library=${buildFakeNvml()}`, ...fast, ...node.args, ...args], {
    env: { FAKE_NVML_STATE: node.state },
  });
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samplesOf(text: string, name: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => ({
      labels: Object.fromEntries(
        [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
      ),
      value: Number(line.slice(line.lastIndexOf(' ') + 1)),
    }));
}

function sum(samples: readonly Sample[]): number {
  return samples.reduce((total, { value }) => total + value, 0);
}

function until(daemon: RunningDaemon, what: string, isSo: (text: string) => boolean): Promise<string> {
  return eventually(what, async () => {
    const text = await scrape(daemon.url);
    return isSo(text) ? text : undefined;
  });
}

const ofPod = (pod: string) => (sample: Sample) => sample.labels['pod'] === pod;
const allocatedTo = (text: string, pod: string): number =>
  sum(samplesOf(text, 'gpu_allocated_seconds_total').filter(ofPod(pod)));
const hasCounted = (seconds: number) => (text: string) => allocatedTo(text, 'train-3') >= seconds;

test('each pod has its GPU, its memory and its part of the computing time, and the parts add up to the device', async () => {
  const daemon = await startExporter();
  const text = await until(daemon, 'computing time to be divided', (next) => {
    const times = samplesOf(next, 'gpu_attributed_sm_seconds_total').filter(({ labels }) => labels['owner'] === 'pod');
    return times.length === gpus * podsPerGpu && times.every(({ value }) => value > 0);
  });

  expect(samplesOf(text, 'gpu_pod_info')).toHaveLength(gpus * podsPerGpu);
  expect(samplesOf(text, 'gpu_pod_info').find(ofPod('train-5'))?.labels).toMatchObject({
    gpu_id: '2',
    namespace: 'team-1',
    container: 'worker',
  });
  for (let gpu = 0; gpu < gpus; gpu++) {
    const ofGpu = ({ labels }: Sample): boolean => labels['gpu_id'] === String(gpu);
    const memory = samplesOf(text, 'gpu_attributed_memory_bytes').filter(ofGpu);
    expect(sum(memory)).toBe(sum(samplesOf(text, 'gpu_memory_used_bytes').filter(ofGpu)));
    expect(memory.filter(({ labels }) => labels['owner'] === 'pod').map(({ value }) => value)).toEqual([
      bytesPerPod,
      bytesPerPod,
    ]);
    const times = samplesOf(text, 'gpu_attributed_sm_seconds_total').filter(ofGpu);
    expect(sum(times)).toBeCloseTo(sum(samplesOf(text, 'gpu_sm_seconds_total').filter(ofGpu)), 6);
  }
  const up = Object.fromEntries(
    samplesOf(text, 'gpu_attribution_source_up').map(({ labels, value }) => [labels['source'], value]),
  );
  expect(up).toEqual({ pod_resources: 1, pod_logs: 1, processes: 1 });
});

test('allocated seconds go on while the kubelet is away, and it is seen again after its restart', async () => {
  const daemon = await startExporter();
  await until(daemon, 'the pods', hasCounted(0.5));
  node.kubelet.behave('garbage');
  const without = await until(daemon, 'the failure', (text) =>
    text.includes('gpu_attribution_source_up{source="pod_resources"} 0'),
  );
  await until(daemon, 'time to be counted', hasCounted(allocatedTo(without, 'train-3') + 1));
  node.kubelet.behave('normal');
  await node.kubelet.restart();
  await until(daemon, 'the kubelet', (text) => text.includes('gpu_attribution_source_up{source="pod_resources"} 1'));
});

test('allocated seconds survive kill -9 with a state file, the time in between included, and start anew without', async () => {
  const first = await startExporter([`--attribution.state-file=${node.stateFile}`]);
  const before = allocatedTo(await until(first, 'time to be counted', hasCounted(3)), 'train-3');
  process.kill(first.child.pid, 'SIGKILL');
  await first.child.ended;
  const second = await startExporter([`--attribution.state-file=${node.stateFile}`]);
  const text = await until(second, 'the pods', hasCounted(0.1));
  expect(allocatedTo(text, 'train-3')).toBeGreaterThanOrEqual(before);
  await second.child.stop();
  const third = await startExporter();
  expect(allocatedTo(await until(third, 'the pods', hasCounted(0.1)), 'train-3')).toBeLessThan(before);
});

test('a holder that gives its GPU back is still shown, and counts no more', async () => {
  const daemon = await startExporter();
  await until(daemon, 'the pods', hasCounted(0.5));
  node.kubelet.setPods([]);
  const text = await until(daemon, 'the pods to end', (next) => samplesOf(next, 'gpu_pod_info').length === 0);
  const ended = allocatedTo(text, 'train-3');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(allocatedTo(await scrape(daemon.url), 'train-3')).toBe(ended);
  expect(ended).toBeGreaterThan(0.5);
});

test('dcgm-exporter names carry the pod where exactly one has the GPU', async () => {
  node.kubelet.setPods([
    {
      namespace: 'team-x',
      name: 'alone',
      containers: [
        { name: 'main', devices: [{ resource: 'nvidia.com/gpu', ids: ['GPU-f1ee0000-fa4e-4e57-8000-000000000000'] }] },
      ],
    },
  ]);
  const daemon = await startExporter(['--metrics.names=dcgm-4.8']);
  const text = await until(daemon, 'the pod', (next) => next.includes('pod="alone"'));
  const [first, second] = samplesOf(text, 'DCGM_FI_DEV_GPU_TEMP');
  expect(first?.labels).toMatchObject({ gpu: '0', namespace: 'team-x', pod: 'alone', container: 'main' });
  expect(second?.labels['pod']).toBeUndefined();
  expect(text).not.toContain('gpu_temperature_celsius');
});

test('pods and processes of this machine are never taken for those of a capture', async () => {
  const file = 'test/fixtures/captures/a100-8x.json';
  const daemon = await startDaemonProcess(['gpu', '--source=replay', `--replay.file=${file}`, ...node.args]);
  const text = await until(daemon, 'the GPUs of the capture', (next) => next.includes('gpu_temperature_celsius{'));
  expect(text).not.toMatch(/gpu_pod_info|gpu_attribut/);
  expect(node.kubelet.calls).toEqual([]);
});
