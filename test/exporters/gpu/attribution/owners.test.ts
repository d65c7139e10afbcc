import type { Allocation, PodFacts, ProcessHome } from '../../../../exporters/gpu/attribution/attribution.ts';
import { ownerOf } from '../../../../exporters/gpu/attribution/owners.ts';
import { createProcessNames, maxNames, otherName } from '../../../../exporters/gpu/attribution/process-names.ts';

const gpu = { index: 0, uuid: 'GPU-0' };

function facts(pod: string, containers: Readonly<Record<string, string>>): PodFacts {
  return {
    namespace: 'ml',
    pod,
    uid: `uid-${pod}`,
    containers: new Map(Object.entries(containers)),
    labels: {},
    isFinished: false,
  };
}

function held(pod: string, container: string, device: Allocation['device'] = gpu): Allocation {
  return { device, holder: { kind: 'pod', namespace: 'ml', pod, container }, replicas: 1 };
}

function owner(
  home: ProcessHome | undefined,
  known: { readonly pods?: readonly PodFacts[]; readonly allocations?: readonly Allocation[] } = {},
  device = gpu,
) {
  return ownerOf(device, home, {
    pods: new Map((known.pods ?? []).map((pod) => [pod.uid, pod])),
    allocations: known.allocations ?? [],
    nameOf: (_, name) => `<${name}>`,
  });
}

const none = { kind: 'unattributed' };
function pod(name: string, container: string) {
  return { kind: 'pod', namespace: 'ml', pod: name, container };
}

test('a process that cannot be seen is nobody’s, even if one pod has the device', () => {
  expect(owner(undefined, { allocations: [held('a', 'main')] })).toEqual(none);
});

test('a process of a job is the job’s', () => {
  expect(owner({ kind: 'job', jobId: '7', userId: '1000' })).toEqual({ kind: 'job', jobId: '7', userId: '1000' });
});

test('a process of neither is its own, by the name that is shown for it', () => {
  expect(owner({ kind: 'bare', name: 'python' })).toEqual({ kind: 'process', name: '<python>' });
});

describe('a process of a pod', () => {
  const home = { kind: 'pod', podUid: 'uid-a', containerId: 'c1' } as const;

  test('has the container that the directory tells', () => {
    expect(owner(home, { pods: [facts('a', { c1: 'train', c2: 'sidecar' })] })).toEqual(pod('a', 'train'));
  });

  test('has the only container of the pod if its id is not known', () => {
    expect(owner(home, { pods: [facts('a', { c9: 'train' })] })).toEqual(pod('a', 'train'));
  });

  test('has the only container of the pod that holds the device', () => {
    const pods = [facts('a', { c8: 'sidecar', c9: 'train' })];
    expect(owner(home, { pods, allocations: [held('a', 'train'), held('b', 'x')] })).toEqual(pod('a', 'train'));
  });

  test('has the only container of the pod where containers are known by name only', () => {
    const named = { ...facts('a', {}), containerNames: ['train'] };
    expect(owner(home, { pods: [named] })).toEqual(pod('a', 'train'));
    const several = { ...named, containerNames: ['init', 'train'] };
    expect(owner(home, { pods: [several] })).toEqual(pod('a', ''));
    expect(owner(home, { pods: [several], allocations: [held('a', 'train')] })).toEqual(pod('a', 'train'));
  });

  test('has no container if it could be several', () => {
    expect(owner(home, { pods: [facts('a', { c8: 'sidecar', c9: 'train' })] })).toEqual(pod('a', ''));
  });

  test('that no directory knows is of the only pod that holds the device', () => {
    expect(owner(home, { allocations: [held('b', 'train')] })).toEqual(pod('b', 'train'));
    expect(owner(home, { allocations: [held('b', 'train'), held('b', 'other')] })).toEqual(pod('b', ''));
  });

  test('that no directory knows is nobody’s among several pods', () => {
    expect(owner(home, { allocations: [held('b', 'train'), held('c', 'train')] })).toEqual(none);
    expect(owner(home)).toEqual(none);
  });

  test('on an instance is found by who holds the instance or its whole GPU', () => {
    const instance = { ...gpu, gpuInstanceId: 1 };
    const other = { ...gpu, gpuInstanceId: 2 };
    expect(owner(home, { allocations: [held('b', 'x', instance), held('c', 'y', other)] }, instance)).toEqual(
      pod('b', 'x'),
    );
    expect(owner(home, { allocations: [held('d', 'z')] }, instance)).toEqual(pod('d', 'z'));
  });
});

describe('names of processes', () => {
  test('are not shown unless they are wanted', () => {
    const names = createProcessNames({ isShown: false, retentionSeconds: 60 });
    expect(names.nameOf(gpu, 'secret', 0)).toBe('');
  });

  test('beyond the bound of a device are others, until one was not seen for the retention', () => {
    const names = createProcessNames({ isShown: true, retentionSeconds: 60 });
    for (let index = 0; index < maxNames; index++) names.nameOf(gpu, `p${index}`, 0);
    expect(names.nameOf(gpu, 'late', 1)).toBe(otherName);
    expect(names.refused()).toBe(1);
    expect(names.nameOf(gpu, 'p1', 1)).toBe('p1');
    expect(names.nameOf({ ...gpu, uuid: 'GPU-1' }, 'late', 1)).toBe('late');
    expect(names.nameOf(gpu, 'late', 61)).toBe('late');
  });

  test('are cut to a sane length', () => {
    const names = createProcessNames({ isShown: true, retentionSeconds: 60 });
    expect(names.nameOf(gpu, 'x'.repeat(5000), 0)).toHaveLength(64);
  });
});
