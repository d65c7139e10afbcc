import type { PushNumber, PushRecord } from '../decoders/push/protocol.ts';
import type { RunStream } from '../journal.ts';
import type { TrainingClient } from './training-client.ts';

interface OpenRecord {
  readonly step: number | undefined;
  readonly time: number | undefined;
  readonly values: Record<string, PushNumber>;
}

/** A stream in another process: what it is told is pushed. Values of one step go into one record. */
export function createPushStream({ record, setFramework }: Pick<TrainingClient, 'record' | 'setFramework'>): RunStream {
  let open: OpenRecord | undefined;

  function send(next: PushRecord): void {
    close();
    record(next);
  }

  function close(): void {
    if (open !== undefined) record({ ...at({ step: open.step, timeSeconds: open.time }), values: open.values });
    open = undefined;
  }

  function add(name: string, value: number, step: number | undefined, time: number | undefined): void {
    const fits = open !== undefined && open.step === step && open.time === time && !Object.hasOwn(open.values, name);
    if (!fits) close();
    // Without a prototype, since a tag may be called __proto__.
    open ??= { step, time, values: Object.create(null) };
    open.values[name] = value;
  }

  return {
    framework: setFramework,
    value: add,
    lossMissing: (moment) => send({ ...at(moment), loss_missing: true }),
    scalar: (tag, value) => add(tag, value, undefined, undefined),
    sessionStart: ({ step, timeSeconds }) => send({ ...at({ timeSeconds }), session_start: step ?? true }),
    phaseTime: ({ phase, seconds, rank, memoryDeltaBytes, ...moment }) =>
      send({
        ...at(moment),
        phases: [{ phase, seconds, rank: rank ?? null, memory_delta_bytes: memoryDeltaBytes ?? null }],
      }),
    checkpoint: ({ outcome, ...moment }) => send({ ...at(moment), checkpoint: { outcome } }),
    enter: (phase, { exitCode, ...moment }) =>
      send({ ...at(moment), enter: phase, ...(exitCode === undefined ? {} : { exit_code: exitCode }) }),
    writerAlive: (alive) => (alive === undefined ? undefined : send({ alive })),
    settle: close,
    close,
  };
}

/** What is not known, or no step, is left out; the client adds the time. */
function at({
  step,
  timeSeconds,
}: {
  readonly step?: number | undefined;
  readonly timeSeconds?: number | undefined;
}): PushRecord {
  return {
    ...(step !== undefined && Number.isSafeInteger(step) && step >= 0 ? { step } : {}),
    ...(timeSeconds === undefined ? {} : { time: timeSeconds }),
  };
}
