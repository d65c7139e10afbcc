import type { Clock } from '../../../../kit/clock.ts';
import { reasonOf } from '../../../../kit/errors.ts';
import type { Log } from '../../../../kit/log.ts';
import { timer } from '../../../../kit/timer.ts';
import { type AllocationKind, allocationKinds } from '../../attribution/allocated-time.ts';
import type { AllocatedTime, AttributionState, ProcessHome } from '../../attribution/attribution.ts';
import { type AttributionBook, createAttributionBook, type ProcessSnapshot } from '../../attribution/book.ts';
import type { JobFiles, PodDirectory, PodResources, ProcessHomes } from '../../attribution/inputs.ts';
import type { NodeReading } from '../../reading.ts';
import { createPoller, type Poller } from './poller.ts';
import { createSourceHealth } from './source-health.ts';
import type { TimesFile } from './times-file.ts';

export interface AttributionSettings {
  /** `auto` asks the kubelet if its socket is there. */
  readonly kubernetes: 'auto' | 'on' | 'off';
  /** How often the kubelet is asked, and the folder of job files read. */
  readonly intervalSeconds: number;
  readonly podDirectoryIntervalSeconds: number;
  readonly retentionSeconds: number;
  /** Whether bare processes are shown by name. */
  readonly processNames: boolean;
  /** A call that takes longer counts as a failure of its source. */
  readonly patienceSeconds?: number;
}

export interface AttributionInputs {
  readonly podResources?: PodResources | undefined;
  /** The pod list where there is an address for it, else the pod logs. */
  readonly podDirectory?: NamedDirectory | undefined;
  readonly processHomes?: ProcessHomes | undefined;
  readonly jobFiles?: JobFiles | undefined;
  readonly stateFile?: TimesFile | undefined;
}

interface NamedDirectory {
  readonly name: 'pod_list' | 'pod_logs';
  readonly directory: PodDirectory;
}

/** Who has the GPUs of this node. Each source fails alone, and none waits for another. */
export interface AttributionSource {
  /** `onChange` is called whenever `state` has something new that no reading brought. */
  readonly start: (onChange: () => void) => void;
  /** Takes a reading of the GPUs, or that there is none, before the collectors show it. */
  readonly observe: (reading: NodeReading | undefined) => void;
  readonly state: () => AttributionState;
  /** Resolves when the last values are in the state file. */
  readonly stop: () => Promise<void>;
}

interface Deps {
  readonly settings: AttributionSettings;
  readonly inputs: AttributionInputs;
  readonly clock: Clock;
  readonly log: Log;
}

const defaultPatienceSeconds = 10;
const allocatableEverySeconds = 60;

export function createAttribution({ settings, inputs, clock, log }: Deps): AttributionSource {
  const { kubernetes, intervalSeconds, retentionSeconds, processNames } = settings;
  const patienceSeconds = settings.patienceSeconds ?? defaultPatienceSeconds;
  const book: AttributionBook = createAttributionBook({ retentionSeconds, processNames });
  const health = createSourceHealth(log);
  const pollers: Poller[] = [];
  let notify: () => void = () => undefined;
  let shownTimes: readonly AllocatedTime[] = [];
  let publishing: Promise<void> | undefined;
  let isDirty = false;
  let isKubernetesInUse = kubernetes === 'on';
  let homes: ReadonlyMap<number, ProcessHome> = new Map();
  let isFinding = false;
  let hasFailedToDivide = false;
  let waiting: ProcessSnapshot | undefined;
  let allocatableAt: number | undefined;
  let allocatableFailure: string | undefined;
  let lastReading: NodeReading | undefined;
  let isStopped = false;
  const restored = new Set<AllocationKind>();
  const unused = new Set<AllocationKind>();
  const noAnswer = `no answer within ${patienceSeconds} s`;

  /** Allocated times are shown once they are saved, so that no scrape is ahead of the file. */
  async function publish(): Promise<void> {
    do {
      isDirty = false;
      const times = book.times.times();
      await inputs.stateFile?.save(book.times.save(clock.monotonic()));
      shownTimes = times;
      notify();
    } while (isDirty);
    publishing = undefined;
  }

  function changed(): void {
    if (isStopped) return;
    isDirty = true;
    publishing ??= publish();
  }

  async function askKubelet(source: PodResources): Promise<void> {
    try {
      if (!(await isKubeletWanted(source))) return;
      const answer = await source.list();
      health.up('pod_resources');
      book.listContainers(answer, clock.monotonic());
    } catch (error) {
      loseKubelet(reasonOf(error));
    }
    changed();
    await askAllocatable(source);
  }

  async function isKubeletWanted(source: PodResources): Promise<boolean> {
    if (isKubernetesInUse) return true;
    isKubernetesInUse = await source.isPresent();
    if (!isKubernetesInUse) endUnused('pods');
    else {
      unused.delete('pods');
      startPodLogs();
    }
    return isKubernetesInUse;
  }

  /** What the state file has of a source that is not in use does not go on, and is forgotten after the retention. */
  function endUnused(kind: AllocationKind): void {
    if (!restored.delete(kind)) return;
    unused.add(kind);
    forgetUnused();
  }

  function forgetUnused(): void {
    if (unused.size === 0) return;
    for (const kind of unused) book.times.advance(kind, [], clock.monotonic());
    if (book.times.times().length === 0) unused.clear();
    changed();
  }

  function loseKubelet(reason: string): void {
    health.down('pod_resources', reason);
    book.listContainers(undefined, clock.monotonic());
  }

  /** Older kubelets do not have this call; the rest works without it. */
  async function askAllocatable(source: PodResources): Promise<void> {
    const now = clock.monotonic();
    if (health.isUp('pod_resources') !== true) return;
    if (allocatableAt !== undefined && now - allocatableAt < allocatableEverySeconds) return;
    allocatableAt = now;
    try {
      book.setAllocatable(await source.allocatable());
      allocatableFailure = undefined;
    } catch (error) {
      book.setAllocatable(undefined);
      const reason = reasonOf(error);
      if (reason !== allocatableFailure) log.warn('the kubelet does not tell what can be allocated', { reason });
      allocatableFailure = reason;
    }
  }

  async function askPodDirectory({ name, directory }: NamedDirectory): Promise<void> {
    try {
      const answer = await directory.read();
      health.up(name);
      book.listPods(answer, clock.monotonic());
    } catch (error) {
      losePodDirectory(name, reasonOf(error));
    }
    notify();
  }

  function losePodDirectory(name: NamedDirectory['name'], reason: string): void {
    health.down(name, reason);
    book.listPods(undefined, clock.monotonic());
  }

  async function askJobFiles(source: JobFiles): Promise<void> {
    try {
      const answer = await source.read();
      health.up('job_files');
      book.listJobs(answer, clock.monotonic());
    } catch (error) {
      loseJobFiles(reasonOf(error));
    }
    changed();
  }

  function loseJobFiles(reason: string): void {
    health.down('job_files', reason);
    book.listJobs(undefined, clock.monotonic());
  }

  function lookAtProcesses(source: ProcessHomes, reading: NodeReading): void {
    const snapshot = book.snapshot(reading);
    if (!isFinding) return void divideProcesses(source, snapshot);
    // While homes are being looked for, the newest reading waits; for one that waited before, what is known has to do.
    if (waiting !== undefined) divide(waiting);
    waiting = snapshot;
  }

  /** Never rejects. */
  async function divideProcesses(source: ProcessHomes, first: ProcessSnapshot): Promise<void> {
    isFinding = true;
    try {
      for (let next: ProcessSnapshot | undefined = first; next !== undefined && !isStopped; ) {
        await findHomes(source, next.pids);
        divide(next);
        if (inputs.jobFiles === undefined) listFoundJobs(health.isUp('processes') === true);
        else notify();
        next = waiting;
        waiting = undefined;
      }
    } catch (error) {
      failToDivide(error);
    } finally {
      isFinding = false;
    }
  }

  /** A fault in here must not end the exporter, nor the division of later readings. */
  function divide(snapshot: ProcessSnapshot): void {
    try {
      book.divide(snapshot, homes, clock.monotonic());
    } catch (error) {
      failToDivide(error);
    }
  }

  function failToDivide(error: unknown): void {
    if (hasFailedToDivide) return;
    hasFailedToDivide = true;
    log.error('a reading of the processes could not be divided, which is a fault of the exporter: report it', {
      reason: error instanceof Error ? (error.stack ?? error.message) : reasonOf(error),
    });
  }

  async function findHomes(source: ProcessHomes, pids: readonly number[]): Promise<void> {
    const late = timer();
    late.set(patienceSeconds, () => loseProcesses(noAnswer));
    try {
      homes = await source.find(pids);
      if (pids.length > 0 && homes.size === 0) health.down('processes', invisible);
      else health.up('processes');
    } catch (error) {
      loseProcesses(reasonOf(error));
    } finally {
      late.clear();
    }
  }

  function loseProcesses(reason: string): void {
    homes = new Map();
    health.down('processes', reason);
  }

  /** Where a folder tells the jobs, it also tells when to look at them. */
  function listFoundJobs(isAnswered: boolean): void {
    book.listFoundJobs(isAnswered, clock.monotonic());
    changed();
  }

  function poll(everySeconds: number, ask: () => Promise<void>, lose: (reason: string) => void): void {
    if (isStopped) return;
    const onLate = (): void => {
      lose(noAnswer);
      changed();
    };
    const poller = createPoller({ everySeconds, ask, onLate, patienceSeconds });
    pollers.push(poller);
    poller.start();
  }

  function pollPodDirectory(named: NamedDirectory): void {
    poll(
      settings.podDirectoryIntervalSeconds,
      () => askPodDirectory(named),
      (reason) => losePodDirectory(named.name, reason),
    );
  }

  /** The folder of pod logs is only there where the kubelet is. */
  function startPodLogs(): void {
    if (inputs.podDirectory?.name === 'pod_logs') pollPodDirectory(inputs.podDirectory);
  }

  async function restore(): Promise<void> {
    const remembered = await inputs.stateFile?.load();
    if (remembered === undefined) return;
    book.times.restore(remembered.times, remembered.agoSeconds, clock.monotonic());
    for (const kind of allocationKinds) restored.add(kind);
    changed();
  }

  async function begin(): Promise<void> {
    await restore();
    const { podResources, podDirectory, jobFiles, processHomes } = inputs;
    if (podResources === undefined || kubernetes === 'off') endUnused('pods');
    else poll(intervalSeconds, () => askKubelet(podResources), loseKubelet);
    if (kubernetes !== 'off' && podDirectory?.name === 'pod_list') pollPodDirectory(podDirectory);
    if (isKubernetesInUse) startPodLogs();
    if (jobFiles !== undefined) poll(intervalSeconds, () => askJobFiles(jobFiles), loseJobFiles);
    else if (processHomes === undefined) endUnused('jobs');
  }

  return {
    start: (onChange) => {
      notify = () => {
        if (!isStopped) onChange();
      };
      void begin();
    },
    observe: (reading) => {
      const last = lastReading;
      lastReading = reading;
      // Other news of the driver come with the reading that was there before, maybe without a GPU that is left alone since.
      if (reading !== undefined && last !== undefined && isSameCollection(reading, last)) {
        book.showGpus(reading);
        return;
      }
      book.readGpus(reading, clock.monotonic());
      forgetUnused();
      const { processHomes } = inputs;
      if (processHomes === undefined) return;
      if (reading === undefined && inputs.jobFiles === undefined) {
        listFoundJobs(false);
      }
      if (reading?.tiers.includes('processes') === true) lookAtProcesses(processHomes, reading);
    },
    state: () => ({
      ...book.state(clock.monotonic()),
      // Where nobody looks at processes, it is not that they are nobody's.
      ...(inputs.processHomes === undefined ? { shares: [], processCounts: [] } : {}),
      sources: health.all(),
      allocatedTimes: shownTimes,
    }),
    stop: async () => {
      isStopped = true;
      for (const poller of pollers) poller.stop();
      inputs.podResources?.close();
      await publishing;
    },
  };
}

/** Two collections are never taken at once. */
function isSameCollection(left: NodeReading, right: NodeReading): boolean {
  return left.takenAtSeconds === right.takenAtSeconds && left.tiers.join() === right.tiers.join();
}

const invisible =
  'none of the processes on the GPUs can be seen; run the exporter in the process namespace of the host (hostPID: true in Kubernetes)';
