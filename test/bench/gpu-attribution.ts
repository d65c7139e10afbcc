import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gpus, podsPerGpu, startBusyNode } from '../support/busy-node.ts';
import { type FakePod, startFakeKubelet } from '../support/fake-kubelet.ts';
import { type Bench, type Cost, type Row, row } from './bench.ts';
import { cpuSeconds, pssMebibytes, startExporter } from './exporter-process.ts';

const name = 'gpu-attribution';
const manyPods = 10_000;
const runs = 15;
const seconds = 30;

export const gpuAttribution: Bench = {
  name,
  about: `who has the GPUs: a list of ${manyPods} pods from a fake kubelet over real gRPC against decoding all of it by reflection, and what attribution adds to the exporter`,
  run: async (progress) => [...(await listing(progress)), ...(await inTheExporter(progress))],
};

async function listing(progress: (step: string) => void): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-bench-'));
  const socket = join(folder, 'kubelet.sock');
  const kubelet = await startFakeKubelet(socket);
  const rows: Row[] = [];
  for (const pods of [100, manyPods]) {
    progress(`${pods} pods, ${runs} lists each`);
    kubelet.setPods(Array.from({ length: pods }, (_, pod) => podWithGpu(pod)));
    const [ours, theirs] = [await side('ours', socket), await side('reflective', socket)];
    if (ours.containers !== pods || theirs.containers !== pods) throw new Error('a side did not find every pod');
    rows.push(
      row({
        bench: name,
        name: `CPU of a list of ${pods} pods`,
        unit: 'ms',
        runs: ours.costs.map(({ cpuMs }) => cpuMs),
        baselineRuns: theirs.costs.map(({ cpuMs }) => cpuMs),
      }),
    );
  }
  await kubelet.stop();
  rmSync(folder, { recursive: true });
  return rows;
}

async function side(
  which: 'ours' | 'reflective',
  socket: string,
): Promise<{ containers: number; costs: readonly Cost[] }> {
  const args = [...process.execArgv, join(import.meta.dirname, 'kubelet-side.ts'), which, socket, String(runs)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { containers: number; costs: readonly Cost[] };
}

/** The same node with and without attribution, read every second and not scraped. */
async function inTheExporter(progress: (step: string) => void): Promise<readonly Row[]> {
  const node = await startBusyNode(200);
  const measure = async (args: readonly string[]): Promise<{ readonly cpuMs: number; readonly pss: number }> => {
    const daemon = await startExporter(node.state, ['--gpu.interval=1s', ...args]);
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const before = cpuSeconds(daemon);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const measured = { cpuMs: ((cpuSeconds(daemon) - before) / seconds) * 1000, pss: pssMebibytes(daemon) };
    await daemon.child.stop();
    return measured;
  };
  progress(`${seconds} s without attribution`);
  const without = await measure(['--kubernetes.enabled=off', '--no-processes.enabled']);
  progress(`${seconds} s with it, the kubelet and the processes asked every second`);
  const withIt = await measure([...node.args, '--kubernetes.interval=1s', '--gpu.process-interval=1s']);
  await node.stop();
  const what = `with ${gpus * podsPerGpu} pods on ${gpus} GPUs and 200 others, against no attribution`;
  return [
    row({
      bench: name,
      name: `CPU for a second, ${what}`,
      unit: 'ms',
      runs: [withIt.cpuMs],
      baselineRuns: [without.cpuMs],
    }),
    row({ bench: name, name: `PSS, ${what}`, unit: 'MiB', runs: [withIt.pss], baselineRuns: [without.pss] }),
  ];
}

function podWithGpu(pod: number): FakePod {
  const devices = [
    { resource: 'nvidia.com/gpu', ids: [`GPU-00000000-0000-4000-8000-${String(pod).padStart(12, '0')}`] },
  ];
  const cpus = Array.from({ length: 8 }, (_, cpu) => cpu);
  return {
    namespace: `team-${pod % 50}`,
    name: `train-${pod}-worker-0`,
    containers: [{ name: 'worker', devices, cpus }],
  };
}
