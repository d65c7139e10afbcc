import { asArray, asObject, asString, isAbsent, ShapeError } from '../../../../kit/prometheus-api/json.ts';
import type { PodFacts } from '../../attribution/attribution.ts';
import { maxNameLength, maxPods } from './limits.ts';

export interface PodsRead {
  readonly pods: readonly PodFacts[];
  readonly bad: number;
}

const statusLists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;
const maxContainersOfPod = 1000;

/** A Kubernetes PodList. A pod that is not as it must be is left out and counted; throws if it is no list of pods at all. */
export function parsePodList(text: string, labels: readonly string[]): PodsRead {
  const items = itemsOf(parseJson(text));
  const pods = items.slice(0, maxPods).flatMap((item) => podFrom(item, labels) ?? []);
  return { pods, bad: items.length - pods.length };
}

// The reason that JSON.parse gives quotes the text, which is not ours to show.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the answer, ${text.length} characters, is not complete JSON`);
  }
}

function itemsOf(answer: unknown): readonly unknown[] {
  const list = unlessMisshapen(() => asObject(answer, 'the answer'));
  if (list?.['kind'] !== 'PodList') throw new Error('the answer is JSON but no PodList; is the path right?');
  const metadata = unlessMisshapen(() => asObject(list['metadata'], 'metadata'));
  if (metadata?.['continue']) throw new Error('the answer holds only a part of the pods; take limit out of the URL');
  if (isAbsent(list['items'])) return [];
  const items = unlessMisshapen(() => asArray(list['items'], 'items'));
  if (items === undefined) throw new Error('the answer is a PodList without a list of items');
  return items;
}

/** What is wrong is not said, because that would quote the answer. */
function unlessMisshapen<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

function podFrom(item: unknown, labels: readonly string[]): PodFacts | undefined {
  return unlessMisshapen(() => {
    const pod = asObject(item, 'pod');
    const metadata = asObject(pod['metadata'], 'metadata');
    const status = isAbsent(pod['status']) ? {} : asObject(pod['status'], 'status');
    return {
      namespace: name(metadata['namespace'], 'namespace'),
      pod: name(metadata['name'], 'name'),
      uid: name(metadata['uid'], 'uid'),
      containers: new Map(statusLists.flatMap((list) => containersOf(status[list], list))),
      labels: allowedLabels(metadata['labels'], labels),
      isFinished: status['phase'] === 'Succeeded' || status['phase'] === 'Failed',
    };
  });
}

/** Ids and names. A container that waits to be started has no id yet, and is left out. */
function containersOf(value: unknown, where: string): readonly (readonly [id: string, name: string])[] {
  const entries = isAbsent(value) ? [] : asArray(value, where);
  if (entries.length > maxContainersOfPod) throw new ShapeError(`${where} has more than ${maxContainersOfPod} entries`);
  return entries.flatMap((entry) => {
    const container = asObject(entry, where);
    const id = isAbsent(container['containerID']) ? '' : asString(container['containerID'], 'containerID');
    return id === '' ? [] : [[name(withoutRuntime(id), 'containerID'), name(container['name'], 'name')] as const];
  });
}

/** "containerd://4fe1…" to "4fe1…". */
function withoutRuntime(id: string): string {
  return id.slice(id.indexOf('://') === -1 ? 0 : id.indexOf('://') + 3);
}

function allowedLabels(value: unknown, allowed: readonly string[]): Readonly<Record<string, string>> {
  if (isAbsent(value)) return {};
  const labels = new Map(Object.entries(asObject(value, 'labels')));
  return Object.fromEntries(
    allowed.filter((label) => labels.has(label)).map((label) => [label, labelValue(labels.get(label))]),
  );
}

/** Kubernetes allows an empty value, and not more than 63 characters. */
function labelValue(value: unknown): string {
  return value === '' ? '' : name(value, 'label');
}

function name(value: unknown, where: string): string {
  const text = asString(value, where);
  if (text === '' || text.length > maxNameLength)
    throw new ShapeError(`${where} must have 1 to ${maxNameLength} characters`);
  return text;
}
