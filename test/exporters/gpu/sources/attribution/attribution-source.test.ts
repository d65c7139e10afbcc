import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessHome } from '../../../../../exporters/gpu/attribution/attribution.ts';
import { readState } from '../../../../../exporters/gpu/sources/attribution/saved-times.ts';
import { createTimesFile, type TimesFile } from '../../../../../exporters/gpu/sources/attribution/times-file.ts';
import { createLog } from '../../../../../kit/log.ts';
import { eventually } from '../../../../support/eventually.ts';
import {
  containerWith,
  type FakeCluster,
  fakeCluster,
  gpus,
  podFacts,
  run,
  secondsByHolder,
  stopAll,
} from './fake-cluster.ts';

afterEach(stopAll);

const hour = 3600;
const folder = mkdtempSync(join(tmpdir(), 'fleetlens-attribution-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('three pods that share a GPU by time', () => {
  function sharing(): FakeCluster {
    const cluster = fakeCluster();
    cluster.containers = ['a', 'b', 'c'].map((pod, replica) => containerWith(pod, [`GPU-0::${replica}`]));
    cluster.pods = ['a', 'b', 'c'].map((pod) => podFacts(pod));
    cluster.homes = new Map(
      ['a', 'b', 'c'].map((pod, pid) => [pid, { kind: 'pod', podUid: `uid-${pod}`, containerId: `id-${pod}` }]),
    );
    return cluster;
  }
  const processes = [0, 1, 2].map((pid) => ({ pid, usedMemoryBytes: 150, smRatio: 0.1 * (pid + 1) }));

  test('have parts of memory and computing time that add up to the device', async () => {
    const cluster = sharing();
    const { podResources, directory, processHomes } = cluster;
    const { attribution, asked } = run(cluster, {
      podResources,
      podDirectory: { name: 'pod_list', directory },
      processHomes,
    });
    await asked('pods', 2);
    for (let reading = 0; reading < 240; reading++) {
      const before = cluster.asked.homes;
      attribution.observe(gpus(processes));
      await eventually('the processes to be looked at', () => cluster.asked.homes > before || undefined);
      await new Promise(setImmediate);
      cluster.seconds += 15;
    }
    const { shares, deviceSmSeconds, processCounts } = attribution.state();
    const onFirst = shares.filter(({ device }) => device.index === 0);
    const parts = onFirst.map(({ owner, memoryBytes }) => [owner.kind === 'pod' ? owner.pod : owner.kind, memoryBytes]);
    expect(Object.fromEntries(parts)).toEqual({ a: 150, b: 150, c: 150, unattributed: 150 });
    const smSeconds = onFirst.reduce((sum, share) => sum + (share.smSeconds ?? 0), 0);
    expect(smSeconds).toBeCloseTo(deviceSmSeconds.find(({ device }) => device.index === 0)?.seconds ?? 0, 6);
    expect(smSeconds).toBeCloseTo(0.5 * 239 * 15, 6);
    const most = onFirst.find(({ owner }) => owner.kind === 'pod' && owner.pod === 'c');
    // 0.1, 0.2 and 0.3 are more than the half for which the device computed.
    expect(most?.smSeconds).toBeCloseTo(0.25 * 239 * 15, 6);
    expect(processCounts.find(({ device, owner }) => device.index === 0 && owner === 'pod')?.count).toBe(3);
  });

  test('have the device for an hour within a second, through missed observations and a restart', async () => {
    const cluster = sharing();
    cluster.secondsPerList = 5;
    const file = join(folder, 'hour.json');
    const first = run(cluster, { podResources: cluster.podResources, stateFile: stateFile(file, cluster) });
    await eventually('the first observation', () => (cluster.seconds > 0 ? true : undefined));
    const start = 5;
    await until(cluster, 1000);
    cluster.failing.add('kubelet');
    await until(cluster, 1800);
    cluster.failing.delete('kubelet');
    await until(cluster, 2400);
    await first.attribution.stop();
    cluster.seconds += 60;
    const second = run(cluster, { podResources: cluster.podResources, stateFile: stateFile(file, cluster) });
    await until(cluster, start + hour);
    await second.attribution.stop();
    const state = readState(readFileSync(file, 'utf8'));
    const held = (state?.savedAtSeconds ?? 0) - cluster.clock.now() + cluster.seconds - start;
    expect(held).toBeGreaterThan(hour - 10);
    const times = state?.times.entries ?? [];
    expect(times).toHaveLength(3);
    for (const { seconds, shareSeconds } of times) {
      expect(Math.abs(seconds - held)).toBeLessThan(1);
      expect(Math.abs(shareSeconds - held / 3)).toBeLessThan(1);
    }
  });

  test('start at 0 after a restart without a state file', async () => {
    const cluster = sharing();
    cluster.secondsPerList = 5;
    const { podResources } = cluster;
    const first = run(cluster, { podResources });
    await until(cluster, 500);
    await first.attribution.stop();
    expect(first.seconds()['a']).toBeGreaterThan(400);
    cluster.secondsPerList = 0;
    const second = run(cluster, { podResources });
    await second.asked('kubelet', 3);
    expect(second.seconds()).toEqual({ a: 0, b: 0, c: 0 });
  });
});

async function until(cluster: FakeCluster, seconds: number): Promise<void> {
  await eventually(`second ${seconds}`, () => (cluster.seconds >= seconds ? true : undefined));
}

function stateFile(path: string, { clock }: FakeCluster): TimesFile {
  const bootIdFile = join(folder, 'boot_id');
  writeFileSync(bootIdFile, 'this-boot');
  const log = createLog({ level: 'info', format: 'json', daemon: 'gpu', write: () => undefined });
  return createTimesFile(path, { clock, log, bootIdFile });
}

test('what is shown is never ahead of the state file', async () => {
  const cluster = fakeCluster();
  cluster.containers = [containerWith('a')];
  cluster.secondsPerList = 5;
  const file = join(folder, 'ahead.json');
  const { attribution, asked } = run(cluster, {
    podResources: cluster.podResources,
    stateFile: stateFile(file, cluster),
  });
  await asked('kubelet', 3);
  await eventually('the file', () => existsSync(file) || undefined);
  for (let look = 0; look < 200; look++) {
    const shown = secondsByHolder(attribution.state().allocatedTimes)['a'] ?? 0;
    const saved = secondsByHolder(readState(readFileSync(file, 'utf8'))?.times.entries ?? [])['a'] ?? 0;
    expect(saved).toBeGreaterThanOrEqual(shown);
    await new Promise(setImmediate);
  }
  expect(secondsByHolder(attribution.state().allocatedTimes)['a']).toBeGreaterThan(0);
});

test('times of the state file end where there is no kubelet any more', async () => {
  const cluster = fakeCluster();
  cluster.containers = [containerWith('a')];
  cluster.secondsPerList = 5;
  const file = join(folder, 'gone.json');
  const inputs = { podResources: cluster.podResources, stateFile: stateFile(file, cluster) };
  const first = run(cluster, inputs);
  await until(cluster, 50);
  await first.attribution.stop();
  const before = first.seconds()['a'] ?? 0;
  cluster.isPresent = false;
  const { attribution } = run(cluster, inputs);
  await eventually('the file to be read', () => attribution.state().allocatedTimes[0]);
  cluster.seconds += 5000;
  expect(attribution.state().sources).toEqual({});
  expect(secondsByHolder(attribution.state().allocatedTimes)['a']).toBeLessThan(before + 20);
  attribution.observe(gpus());
  await eventually('them to be forgotten', () => attribution.state().allocatedTimes.length === 0 || undefined);
});

describe('each source fails alone', () => {
  test('and is told once for each change', async () => {
    const cluster = fakeCluster();
    cluster.containers = [containerWith('a')];
    cluster.jobs = [{ gpuIndex: 1, jobId: '77' }];
    const { podResources, directory, processHomes, jobFiles } = cluster;
    const { attribution, asked, logs } = run(cluster, {
      podResources,
      podDirectory: { name: 'pod_list', directory },
      processHomes,
      jobFiles,
    });
    cluster.failing.add('kubelet').add('pods').add('homes');
    await asked('jobs', 3);
    await asked('pods', 3);
    attribution.observe(gpus([{ pid: 1 }]));
    const down = { pod_resources: false, pod_list: false, processes: false, job_files: true };
    await eventually('the failures', () => attribution.state().sources.processes === false || undefined);
    expect(attribution.state().sources).toEqual(down);
    expect(logs.filter((line) => line.includes('kubelet is broken'))).toHaveLength(1);
    expect(logs.filter((line) => line.includes('pods is broken'))).toHaveLength(1);
    expect(attribution.state().allocations.map(({ holder }) => holder)).toContainEqual({ kind: 'job', jobId: '77' });
    cluster.failing.clear();
    await eventually('the recovery', () => attribution.state().sources.pod_resources || undefined);
    expect(logs.filter((line) => line.includes('answers again') && line.includes('pod_resources'))).toHaveLength(1);
  });

  test('a source that hangs is not asked again, counts as failed, and stops no other', async () => {
    const cluster = fakeCluster();
    cluster.hanging.add('kubelet').add('pods').add('homes');
    const { podResources, directory, processHomes, jobFiles } = cluster;
    const { attribution, asked } = run(
      cluster,
      { podResources, podDirectory: { name: 'pod_list', directory }, processHomes, jobFiles },
      { patienceSeconds: 0.05 },
    );
    attribution.observe(gpus([{ pid: 1 }]));
    attribution.observe(gpus([{ pid: 1 }]));
    await eventually(
      'the failures',
      () => Object.values(attribution.state().sources).filter((up) => !up).length === 3 || undefined,
    );
    await asked('jobs', 5);
    expect(cluster.asked).toMatchObject({ kubelet: 1, pods: 1, homes: 1 });
    expect(attribution.state().sources.job_files).toBe(true);
  });

  test('a source that answered is not late until it is asked again', async () => {
    const cluster = fakeCluster();
    const { attribution, asked, logs } = run(
      cluster,
      { podResources: cluster.podResources },
      { patienceSeconds: 0.02, intervalSeconds: 0.2 },
    );
    await asked('kubelet', 3);
    expect(attribution.state().sources).toEqual({ pod_resources: true });
    expect(logs).toEqual([]);
  });

  test('a kubelet that does not tell what can be allocated is still up', async () => {
    const cluster = fakeCluster();
    cluster.containers = [containerWith('a'), containerWith('b', ['GPU-1'])];
    cluster.failing.add('allocatable');
    const { attribution, asked, logs } = run(cluster, { podResources: cluster.podResources });
    await asked('kubelet', 3);
    expect(attribution.state().sources).toEqual({ pod_resources: true });
    expect(attribution.state().resources).toEqual([{ resource: 'nvidia.com/gpu', allocated: 2 }]);
    expect(logs.filter((line) => line.includes('what can be allocated'))).toHaveLength(1);
    cluster.failing.clear();
    cluster.seconds += 60;
    await asked('allocatable', 1);
    await asked('kubelet', 2);
    expect(attribution.state().resources).toEqual([{ resource: 'nvidia.com/gpu', allocatable: 8, allocated: 2 }]);
  });

  test('processes that cannot be seen are nobody’s, and the log says what to do', async () => {
    const cluster = fakeCluster();
    cluster.containers = [containerWith('a')];
    const { podResources, processHomes } = cluster;
    const { attribution, asked, logs } = run(cluster, { podResources, processHomes });
    await asked('kubelet', 2);
    attribution.observe(gpus([{ pid: 1, usedMemoryBytes: 100 }]));
    await eventually('the look at the processes', () => attribution.state().sources.processes === false || undefined);
    expect(logs.filter((line) => line.includes('hostPID'))).toHaveLength(1);
    expect(attribution.state().shares.map(({ owner }) => owner.kind)).toEqual(['unattributed', 'unattributed']);
  });
});

test('what the kubelet said last is believed for ten minutes', async () => {
  const cluster = fakeCluster();
  cluster.containers = [containerWith('a')];
  const { attribution, asked } = run(cluster, { podResources: cluster.podResources });
  await asked('kubelet', 2);
  cluster.failing.add('kubelet');
  await asked('kubelet', 2);
  cluster.seconds = 599;
  expect(attribution.state().allocations).toHaveLength(1);
  cluster.seconds = 700;
  expect(attribution.state().allocations).toEqual([]);
  await asked('kubelet', 3);
  expect(attribution.state().allocatedTimes[0]?.seconds).toBe(600);
});

test('a finished pod holds nothing, unless another one took its name', async () => {
  const cluster = fakeCluster();
  cluster.containers = [containerWith('done'), containerWith('again', ['GPU-1'])];
  cluster.pods = [
    podFacts('done', { isFinished: true }),
    podFacts('again', { isFinished: true }),
    podFacts('again', { uid: 'uid-new' }),
  ];
  const { podResources, directory } = cluster;
  const { attribution, asked } = run(cluster, { podResources, podDirectory: { name: 'pod_list', directory } });
  await asked('pods', 2);
  await asked('kubelet', 3);
  expect(attribution.state().allocations.map(({ holder }) => holder)).toEqual([
    { kind: 'pod', namespace: 'ml', pod: 'again', container: 'main' },
  ]);
});

test('labels are those of pods that have a GPU', async () => {
  const cluster = fakeCluster();
  cluster.containers = [containerWith('a')];
  cluster.pods = [podFacts('a', { labels: { team: 'vision' } }), podFacts('b', { labels: { team: 'secret' } })];
  const { podResources, directory } = cluster;
  const { attribution, asked } = run(cluster, { podResources, podDirectory: { name: 'pod_list', directory } });
  await asked('pods', 2);
  await asked('kubelet', 2);
  expect(attribution.state().podLabels).toEqual([{ namespace: 'ml', pod: 'a', label: 'team', value: 'vision' }]);
});

test('jobs are found by their processes where no file names one for the GPU', async () => {
  const cluster = fakeCluster();
  cluster.jobs = [{ gpuIndex: 1, jobId: '77' }];
  const job = (jobId: string) => ({ kind: 'job', jobId, userId: '1000' }) as const;
  cluster.homes = new Map([
    [1, job('12')],
    [2, job('13')],
    [3, job('77')],
  ]);
  const { processHomes, jobFiles } = cluster;
  const { attribution, asked } = run(cluster, { processHomes, jobFiles });
  const reading = gpus([{ pid: 1 }, { pid: 3 }]);
  const [first, second] = reading.gpus;
  if (first === undefined || second === undefined) throw new Error('there are two GPUs');
  const onSecond = { ...second, processes: { list: [{ pid: 2 }], smMeasured: true } };
  attribution.observe({ ...reading, gpus: [first, onSecond] });
  await asked('jobs', 3);
  const found = attribution.state().allocations.map(({ device, holder }) => [device.index, holder]);
  expect(found).toEqual([
    [1, job('77')],
    [0, job('12')],
    [0, job('77')],
  ]);
});

test('jobs that have only processes have their time too', async () => {
  const cluster = fakeCluster();
  cluster.homes = new Map([[1, { kind: 'job', jobId: '12', userId: '1000' }]]);
  const { attribution } = run(cluster, { processHomes: cluster.processHomes });
  for (const [index, list] of [[{ pid: 1 }], [{ pid: 1 }], []].entries()) {
    cluster.seconds = index * 15;
    attribution.observe(gpus(list));
    await eventually('the look at the processes', () => cluster.asked.homes > index || undefined);
    await new Promise(setImmediate);
  }
  expect(secondsByHolder(attribution.state().allocatedTimes)).toEqual({ '12': 22.5 });
});

test('a GPU that the driver lost is still allocated', async () => {
  const cluster = fakeCluster();
  cluster.containers = [containerWith('a')];
  cluster.secondsPerList = 5;
  const { attribution, asked, seconds } = run(cluster, { podResources: cluster.podResources });
  await asked('kubelet', 2);
  attribution.observe(undefined);
  await until(cluster, 1000);
  expect(seconds()['a']).toBeGreaterThan(900);
  expect(attribution.state().dropped.unknown_device).toBe(0);
});

test('without a look at processes nothing is divided', async () => {
  const cluster = fakeCluster();
  const { attribution, asked } = run(cluster, { podResources: cluster.podResources });
  attribution.observe(gpus([{ pid: 1, usedMemoryBytes: 100 }]));
  await asked('kubelet', 2);
  expect(attribution.state()).toMatchObject({ shares: [], processCounts: [], deviceSmSeconds: [] });
});

test('a reading that is shown again is not divided again', async () => {
  const cluster = fakeCluster();
  const { attribution } = run(cluster, { processHomes: cluster.processHomes });
  const reading = gpus([{ pid: 1 }]);
  attribution.observe(reading);
  await eventually('the look at the processes', () => cluster.asked.homes === 2 || undefined);
  cluster.seconds += 5;
  attribution.observe(reading);
  attribution.observe(gpus([{ pid: 1 }]));
  await eventually('the next look', () => cluster.asked.homes >= 3 || undefined);
  await new Promise(setImmediate);
  expect(cluster.asked.homes).toBe(3);
  expect(attribution.state().deviceSmSeconds.map(({ seconds }) => seconds)).toEqual([2.5, 2.5]);
});

test('a reading without a GPU that is left alone since is shown so, and is not divided again', async () => {
  const cluster = fakeCluster();
  const { attribution } = run(cluster, { processHomes: cluster.processHomes });
  const reading = gpus([{ pid: 1 }]);
  attribution.observe(reading);
  await eventually('the look at the processes', () => cluster.asked.homes === 2 || undefined);
  await new Promise(setImmediate);
  cluster.seconds += 5;
  attribution.observe({ ...reading, gpus: reading.gpus.filter(({ index }) => index === 1) });
  await new Promise(setImmediate);
  expect(cluster.asked.homes).toBe(2);
  expect(new Set(attribution.state().processCounts.map(({ device }) => device.index))).toEqual(new Set([1]));
  attribution.observe(gpus());
  await eventually('the next look', () => cluster.asked.homes === 3 || undefined);
  await new Promise(setImmediate);
  expect(attribution.state().deviceSmSeconds.map(({ seconds }) => seconds)).toEqual([2.5, 2.5]);
});

test('a fault in the division is told once, and later readings are divided', async () => {
  const cluster = fakeCluster();
  const broken = new Map<number, ProcessHome>();
  broken.get = () => {
    throw new Error('a fault of the exporter');
  };
  let homes: ReadonlyMap<number, ProcessHome> = broken;
  let asked = 0;
  const find = async () => {
    asked++;
    return homes;
  };
  const { attribution, logs } = run(cluster, { processHomes: { find } });
  for (let look = 2; look <= 3; look++) {
    attribution.observe(gpus([{ pid: 1, usedMemoryBytes: 100 }]));
    await eventually('the look', () => asked === look || undefined);
    await new Promise(setImmediate);
  }
  expect(logs.filter((line) => line.includes('a fault of the exporter'))).toHaveLength(1);
  homes = new Map([[1, { kind: 'job', jobId: '12' }]]);
  attribution.observe(gpus([{ pid: 1, usedMemoryBytes: 100 }]));
  await eventually('the next look', () => asked === 4 || undefined);
  await new Promise(setImmediate);
  expect(attribution.state().shares).toContainEqual(
    expect.objectContaining({ owner: { kind: 'job', jobId: '12', userId: undefined }, memoryBytes: 100 }),
  );
});

test('devices that are no GPU of this node and bad entries are counted', async () => {
  const cluster = fakeCluster();
  cluster.containers = [containerWith('a', ['GPU-0', 'GPU-9'])];
  cluster.bad = 2;
  const { attribution, asked } = run(cluster, { podResources: cluster.podResources });
  await asked('kubelet', 3);
  const { dropped, allocations } = attribution.state();
  expect(dropped.unknown_device).toBeGreaterThanOrEqual(2);
  expect(dropped.bad_entry).toBe(2 * dropped.unknown_device);
  expect(allocations).toHaveLength(1);
});

describe('with kubernetes', () => {
  test('off nobody is asked', async () => {
    const cluster = fakeCluster();
    const { podResources, directory, jobFiles } = cluster;
    const podDirectory = { name: 'pod_list', directory } as const;
    const { attribution, asked } = run(cluster, { podResources, podDirectory, jobFiles }, { kubernetes: 'off' });
    await asked('jobs', 3);
    expect(cluster.asked).toMatchObject({ kubelet: 0, pods: 0 });
    expect(attribution.state().sources).toEqual({ job_files: true });
  });

  test('auto the kubelet and its pod logs are asked once its socket is there', async () => {
    const cluster = fakeCluster();
    cluster.isPresent = false;
    const { podResources, directory, jobFiles } = cluster;
    const { attribution, asked } = run(cluster, {
      podResources,
      podDirectory: { name: 'pod_logs', directory },
      jobFiles,
    });
    await asked('jobs', 5);
    expect(cluster.asked).toMatchObject({ kubelet: 0, pods: 0 });
    cluster.isPresent = true;
    await asked('pods', 2);
    expect(attribution.state().sources).toEqual({ pod_resources: true, pod_logs: true, job_files: true });
  });
});

test('an answer that comes after it was stopped changes the state file no more', async () => {
  const cluster = fakeCluster();
  const file = join(folder, 'stopped.json');
  let answer: () => void = () => undefined;
  const late = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const list = async () => {
    cluster.asked.kubelet++;
    if (cluster.asked.kubelet > 3) await late;
    return { containers: [containerWith('a')], bad: 0 };
  };
  const { attribution } = run(cluster, {
    podResources: { ...cluster.podResources, list },
    stateFile: stateFile(file, cluster),
  });
  await eventually('the late question', () => cluster.asked.kubelet === 4 || undefined);
  await attribution.stop();
  rmSync(file);
  answer();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(existsSync(file)).toBe(false);
});

test('after it was stopped nobody is asked or told any more', async () => {
  const cluster = fakeCluster();
  const { podResources, jobFiles } = cluster;
  const { attribution, asked, changes } = run(cluster, { podResources, jobFiles });
  await asked('kubelet', 3);
  expect(changes()).toBeGreaterThan(0);
  await attribution.stop();
  const before = { ...cluster.asked, changes: changes() };
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect({ ...cluster.asked, changes: changes() }).toEqual(before);
  expect(cluster.isClosed).toBe(true);
});
