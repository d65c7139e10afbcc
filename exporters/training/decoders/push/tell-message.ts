import type { RunStream } from '../../journal.ts';
import type { TagMap } from '../../schema/tag-map.ts';
import { phaseName } from './phase-names.ts';
import type { PushedRecord, PushMessage } from './push-message.ts';
import { tellValue } from './tell-value.ts';

export interface Listener {
  readonly stream: RunStream;
  readonly tags: TagMap;
  /** Called for each value whose name nobody knows. */
  readonly onUnknown: (name: string) => void;
}

/** Tells a stream what a message says, in the order in which things happen in a step; the caller settles. */
export function tellMessage({ framework, records }: PushMessage, listener: Listener): void {
  if (framework !== undefined) listener.stream.framework(framework);
  for (const record of records) tellRecord(record, listener);
}

function tellRecord(record: PushedRecord, { stream, tags, onUnknown }: Listener): void {
  const { step, timeSeconds } = record;
  const moment = { step, timeSeconds };
  if (record.alive !== undefined) stream.writerAlive(record.alive);
  if (record.session !== undefined) stream.sessionStart({ step: record.session.step, timeSeconds });
  for (const [name, value] of record.values) {
    if (!tellValue({ stream, tags }, name, { value, ...moment })) onUnknown(name);
  }
  if (record.isLossMissing) stream.lossMissing(moment);
  tellPhases(record, stream);
  if (record.checkpoint !== undefined) {
    const { outcome, step: saved = step } = record.checkpoint;
    stream.checkpoint({ outcome, step: saved, timeSeconds });
  }
  if (record.enter !== undefined) stream.enter(record.enter, { ...moment, exitCode: record.exitCode });
  else if (saysOnlyStep(record)) stream.enter('training', moment);
}

/** The change of memory is that of the last time. */
function tellPhases({ phases, step, timeSeconds }: PushedRecord, stream: RunStream): void {
  for (const { phase: name, seconds: all, rank, memoryDeltaBytes } of phases) {
    const phase = phaseName(name);
    for (const [index, seconds] of all.entries()) {
      const isLast = index === all.length - 1;
      stream.phaseTime({
        phase,
        seconds,
        rank,
        step,
        timeSeconds,
        memoryDeltaBytes: isLast ? memoryDeltaBytes : undefined,
      });
    }
  }
}

/** A sender that reports nothing but steps trains. */
function saysOnlyStep({ step, values, isLossMissing, phases, checkpoint, session }: PushedRecord): boolean {
  if (step === undefined || checkpoint !== undefined || session !== undefined) return false;
  return values.length === 0 && phases.length === 0 && !isLossMissing;
}
