import { type RunIdentity, runPhases, type SourceKind, sourceKinds } from '../journal.ts';
import { frameworks } from '../schema/frameworks.ts';
import { quantityNames } from '../schema/quantities.ts';
import type { Histogram } from './histogram.ts';
import type { Pause } from './pauses.ts';
import { createWindow } from './robust-window.ts';
import {
  createPhaseState,
  createRunState,
  createStreamState,
  type Progress,
  type RunLife,
  type RunModel,
  type RunState,
} from './run-state.ts';
import { badputReasons } from './time-ledger.ts';

/** A run as JSON. Ranks are left out: their windows are full again within a minute. */
export function saveRun(run: RunState): unknown {
  const { identity, framework, life, progress, times, loss, checkpoints } = run;
  return {
    identity,
    framework,
    life,
    progress: { ...progress, tellers: [...progress.tellers], restartsSeen: [...progress.restartsSeen] },
    gauges: [...run.gauges].map(([name, { value, step }]) => [name, value, step]),
    times: {
      productive: times.productive,
      badput: times.badput,
      stepSeconds: times.stepSeconds.values,
      reportSeconds: times.reportSeconds.values,
      trail: times.trail,
    },
    loss: { ...loss, window: loss.window.values },
    stepDurations: run.stepDurations,
    phases: [...run.phases].map(([name, { durations, memoryDeltaBytes }]) => [name, durations, memoryDeltaBytes]),
    checkpoints: { ...checkpoints, intervals: checkpoints.intervals.values },
    scalars: [...run.scalars],
    streams: [...run.streams].map(([id, stream]) => [id, { ...stream, quantitySteps: [...stream.quantitySteps] }]),
  };
}

/** Undefined for what no run was saved as. Parts that cannot be used are left as in a new run. */
export function restoreRun(json: unknown, modelOf: (run: string) => RunModel | undefined): RunState | undefined {
  const saved = record(json);
  const identity = identityOf(record(saved['identity']));
  if (identity === undefined) return undefined;
  const run = createRunState(identity, { model: modelOf(identity.run), knownSince: 0 });
  run.isShown = true;
  run.framework = frameworks.find((name) => name === saved['framework']);
  restoreLife(run.life, record(saved['life']));
  restoreProgress(run.progress, record(saved['progress']));
  restoreTimes(run, record(saved['times']));
  restoreLoss(run, record(saved['loss']));
  restoreHistogram(run.stepDurations, saved['stepDurations']);
  restoreCheckpoints(run, record(saved['checkpoints']));
  restoreGauges(run, saved['gauges']);
  restorePhases(run, saved['phases']);
  for (const [tag, value] of list(saved['scalars']).map(list)) {
    if (typeof tag === 'string' && typeof value === 'number') run.scalars.set(tag, value);
  }
  for (const [id, stream] of list(saved['streams']).map(list)) restoreStream(run, id, record(stream));
  return run;
}

function identityOf(saved: Json): RunIdentity | undefined {
  const key = saved['key'];
  const run = saved['run'];
  if (typeof key !== 'string' || typeof run !== 'string') return undefined;
  return {
    key,
    run,
    longName: text(saved['longName']) ?? key,
    jobId: text(saved['jobId']) ?? '',
    host: text(saved['host']) ?? '',
    namespace: text(saved['namespace']) ?? '',
    pod: text(saved['pod']) ?? '',
  };
}

function restoreGauges({ gauges }: RunState, saved: unknown): void {
  for (const [name, value, step] of list(saved).map(list)) {
    const quantity = quantityNames.find((known) => known === name);
    const amount = number(value);
    if (quantity !== undefined && amount !== undefined) gauges.set(quantity, { value: amount, step: number(step) });
  }
}

function restorePhases({ phases }: RunState, saved: unknown): void {
  for (const [name, durations, memoryDelta] of list(saved).map(list)) {
    if (typeof name !== 'string') continue;
    const phase = createPhaseState();
    restoreHistogram(phase.durations, durations);
    phase.memoryDeltaBytes = number(memoryDelta);
    phases.set(name, phase);
  }
}

function restoreLife(life: RunLife, saved: Json): void {
  life.phase = runPhases.find((phase) => phase === saved['phase']) ?? life.phase;
  life.startedAt = number(saved['startedAt']);
  life.lastSignAt = number(saved['lastSignAt']);
  life.endedAt = number(saved['endedAt']);
  life.seenOverAt = number(saved['seenOverAt']);
  life.exitCode = number(saved['exitCode']);
  life.restarts = number(saved['restarts']) ?? 0;
  life.isRestarting = saved['isRestarting'] === true;
}

function restoreRestartsSeen({ restartsSeen }: Progress, json: unknown): void {
  for (const [kind, restarts] of list(json).map(list)) {
    const seer = kindOf(kind);
    const count = number(restarts);
    if (seer !== undefined && count !== undefined) restartsSeen.set(seer, count);
  }
}

function restoreProgress(progress: Progress, saved: Json): void {
  const report = record(saved['report']);
  const step = number(report['step']);
  const atSeconds = number(report['atSeconds']);
  progress.primary = kindOf(saved['primary']);
  progress.report = step === undefined || atSeconds === undefined ? undefined : { step, atSeconds };
  const disturbance = saved['disturbance'];
  progress.disturbance = disturbance === 'startup' || disturbance === 'recovery' ? disturbance : undefined;
  progress.pauses = list(saved['pauses']).map(record).flatMap(pauseOf);
  restoreRestartsSeen(progress, saved['restartsSeen']);
  for (const [what, kind] of list(saved['tellers']).map(list)) {
    const teller = kindOf(kind);
    if (typeof what === 'string' && teller !== undefined) progress.tellers.set(what, teller);
  }
  progress.step = number(saved['step']);
  progress.stepAt = number(saved['stepAt']);
  progress.attemptSince = number(saved['attemptSince']);
  progress.nativeStepSeconds = number(saved['nativeStepSeconds']);
  progress.lastSamples = number(saved['lastSamples']);
  progress.lastTokens = number(saved['lastTokens']);
  for (const name of countNames) progress[name] = number(saved[name]) ?? progress[name];
}

const countNames = [
  'attempt',
  'waitedSeconds',
  'reportSteps',
  'steps',
  'samples',
  'tokens',
  'skipped',
  'nonfiniteLosses',
  'nonfiniteCounted',
  'wasted',
  'rollbacks',
] as const satisfies readonly (keyof Progress)[];

function pauseOf(saved: Json): readonly Pause[] {
  const atSeconds = number(saved['atSeconds']);
  const reason = badputReasons.find((known) => known === saved['reason']);
  return atSeconds === undefined || reason === undefined ? [] : [{ atSeconds, reason }];
}

function restoreTimes({ times }: RunState, saved: Json): void {
  const badput = record(saved['badput']);
  times.productive = number(saved['productive']) ?? 0;
  for (const reason of badputReasons) times.badput[reason] = number(badput[reason]) ?? 0;
  Object.assign(times, {
    stepSeconds: createWindow(numbers(saved['stepSeconds'])),
    reportSeconds: createWindow(numbers(saved['reportSeconds'])),
  });
  const trail = numbers(saved['trail']);
  times.trail = trail.slice(0, trail.length - (trail.length % 2));
}

function restoreLoss({ loss }: RunState, saved: Json): void {
  Object.assign(loss, { window: createWindow(numbers(saved['window'])) });
  loss.initialMax = number(saved['initialMax']) ?? 0;
  loss.reported = number(saved['reported']) ?? 0;
  loss.spikesByMad = number(saved['spikesByMad']) ?? 0;
  loss.spikesByMax = number(saved['spikesByMax']) ?? 0;
  loss.isFinite = typeof saved['isFinite'] === 'boolean' ? saved['isFinite'] : undefined;
}

function restoreCheckpoints({ checkpoints }: RunState, saved: Json): void {
  Object.assign(checkpoints, { intervals: createWindow(numbers(saved['intervals'])) });
  checkpoints.complete = number(saved['complete']) ?? 0;
  checkpoints.failed = number(saved['failed']) ?? 0;
  checkpoints.lastAt = number(saved['lastAt']);
  checkpoints.lastStep = number(saved['lastStep']);
  checkpoints.steps = numbers(saved['steps']);
}

/** Of other bounds, from another version, it would be nonsense. */
function restoreHistogram(histogram: Histogram, json: unknown): void {
  const saved = record(json);
  const counts = numbers(saved['counts']);
  if (counts.length !== histogram.counts.length) return;
  histogram.counts.splice(0, counts.length, ...counts);
  histogram.sum = number(saved['sum']) ?? 0;
}

function restoreStream(run: RunState, id: unknown, saved: Json): void {
  const kind = kindOf(saved['kind']);
  if (typeof id !== 'string' || kind === undefined) return;
  const stream = createStreamState(kind, number(saved['attempt']) ?? 0);
  stream.step = number(saved['step']);
  stream.atSeconds = number(saved['atSeconds']);
  stream.resumeStep = number(saved['resumeStep']);
  for (const [name, step] of list(saved['quantitySteps']).map(list)) {
    const quantity = quantityNames.find((known) => known === name);
    const at = number(step);
    if (quantity !== undefined && at !== undefined) stream.quantitySteps.set(quantity, at);
  }
  run.streams.set(id, stream);
}

type Json = Readonly<Record<string, unknown>>;

function record(json: unknown): Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Json) : {};
}

function list(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}

function number(json: unknown): number | undefined {
  return typeof json === 'number' && Number.isFinite(json) ? json : undefined;
}

function numbers(json: unknown): number[] {
  return list(json).filter((value): value is number => number(value) !== undefined);
}

function text(json: unknown): string | undefined {
  return typeof json === 'string' ? json : undefined;
}

function kindOf(json: unknown): SourceKind | undefined {
  return sourceKinds.find((kind) => kind === json);
}
