import type { RunStream } from '../../journal.ts';
import { quantitySpec, stepPhases } from '../../schema/quantities.ts';
import type { TagMap } from '../../schema/tag-map.ts';
import { phaseName } from './phase-names.ts';
import { pushLimits } from './protocol.ts';
import type { PushedRun } from './push-identity.ts';
import { isName } from './read-json.ts';
import type { Totals } from './running-totals.ts';
import type { StatsdMetric } from './statsd.ts';
import { isQuantity, tellValue } from './tell-value.ts';

const prefix = 'training.';
const phasePrefix = 'phase.';
/** A sampled duration stands for as many as its rate says; one datagram must not stand for millions. */
const mostTimes = 100;
const stepDurations: readonly string[] = ['step', 'step_time', 'step_duration', 'step_seconds'];

/** Undefined if a tag that names the run cannot be a label. */
export function originOf({ tags }: StatsdMetric): PushedRun | undefined {
  const origin = {
    run: tags.get('run') ?? 'default',
    jobId: tags.get('job_id') ?? '',
    host: tags.get('host') ?? '',
    namespace: tags.get('namespace') ?? '',
    pod: tags.get('pod') ?? '',
  };
  const { run, ...others } = origin;
  return isName(run) && Object.values(others).every((text) => text === '' || isName(text)) ? origin : undefined;
}

interface Listener {
  readonly stream: RunStream;
  readonly tags: TagMap;
  readonly totals: Totals;
  readonly nowSeconds: number;
}

/** Tells a stream what a metric says; the caller settles. False if it makes no sense, or nobody knows its name. */
export function tellStatsd(metric: StatsdMetric, listener: Listener): boolean {
  const { timeSeconds } = metric;
  if (timeSeconds !== undefined && Math.abs(timeSeconds - listener.nowSeconds) > pushLimits.timeSeconds) return false;
  const step = wholeTag(metric, 'step');
  const rank = wholeTag(metric, 'rank');
  if (step === 'bad' || rank === 'bad') return false;
  const name = metric.name.startsWith(prefix) ? metric.name.slice(prefix.length) : metric.name;
  if (!isName(name)) return false;
  const told = { metric, name, step: step ?? countedStep(listener.totals), rank, ...listener };
  switch (metric.type) {
    case 'counter':
      return tellCount(told);
    case 'milliseconds':
    case 'histogram':
      return tellDuration(told) || tellGauge(told);
    case 'gauge':
      return tellGauge(told);
  }
}

interface Named extends Listener {
  readonly metric: StatsdMetric;
  readonly name: string;
  readonly step: number | undefined;
  readonly rank: number | undefined;
}

function tellGauge({ metric: { values, type, timeSeconds }, name, step, stream, tags, totals }: Named): boolean {
  const value = values.at(-1);
  // What is not a duration has no milliseconds.
  if (value === undefined || type === 'milliseconds') return false;
  if (name === 'step' && Number.isSafeInteger(value) && value >= 0) {
    totals.steps = value;
    stream.enter('training', { step: value, timeSeconds });
    return true;
  }
  return tellValue({ stream, tags }, name, { value, step, timeSeconds });
}

function tellDuration({ metric, name, step, rank, stream }: Named): boolean {
  const { values, type, sampleRate, timeSeconds } = metric;
  const phase = phaseOf(name);
  if (phase === undefined && !isStepDuration(name)) return false;
  const durations = values.map((value) => (type === 'milliseconds' ? value / 1000 : value));
  if (!durations.every((seconds) => Number.isFinite(seconds) && seconds >= 0)) return false;
  const times = Math.min(Math.round(1 / sampleRate), mostTimes);
  for (const seconds of durations) {
    if (phase === undefined) stream.value('step_seconds', seconds, step, timeSeconds);
    else stream.phaseTime({ phase, seconds, rank, step, timeSeconds, times });
  }
  return true;
}

function phaseOf(name: string): string | undefined {
  if (name.startsWith(phasePrefix)) {
    const own = name.slice(phasePrefix.length);
    return isName(own, pushLimits.phaseCharacters) ? phaseName(own) : undefined;
  }
  if (isQuantity(name)) return quantitySpec(name).phase;
  const known = phaseName(name);
  return stepPhases.some((phase) => phase === known) ? known : undefined;
}

function isStepDuration(name: string): boolean {
  return stepDurations.includes(name);
}

function tellCount({ metric, name, step, stream, totals }: Named): boolean {
  const { values, sampleRate, timeSeconds } = metric;
  const count = values.reduce((sum, value) => sum + value, 0) / sampleRate;
  if (!Number.isFinite(count) || count < 0) return false;
  switch (name) {
    case 'steps':
      totals.steps += count;
      stream.enter('training', { step: Math.floor(totals.steps), timeSeconds });
      return true;
    case 'samples':
    case 'tokens':
      totals[name] += count;
      stream.value(name, totals[name], step, timeSeconds);
      return true;
    case 'skipped_steps':
    case 'nonfinite_steps':
      stream.value(name, count, step, timeSeconds);
      return true;
    default:
      return false;
  }
}

/** What comes without a step belongs to the one that the sender has told of in another metric. */
function countedStep({ steps }: Totals): number | undefined {
  return steps > 0 ? Math.floor(steps) : undefined;
}

/** A tag that counts, such as step. */
function wholeTag({ tags }: StatsdMetric, tag: string): number | undefined | 'bad' {
  const text = tags.get(tag);
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text) ? Number(text) : 'bad';
}
