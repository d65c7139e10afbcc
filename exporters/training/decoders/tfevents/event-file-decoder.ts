import type { TagTarget } from '../../schema/tag-map.ts';
import type { CreateDecoder } from '../file-decoder.ts';
import { createEventFields, readEvent, readSummaries } from './event.ts';
import { createFrameReader } from './frames.ts';
import { createKnownTags, type KnownTag } from './known-tags.ts';
import { readSavedEvents, writeSavedEvents } from './saved-events.ts';
import { createValueReader } from './summary-value.ts';
import { createCursor, hasFailed, releaseBytes } from './wire.ts';

/**
 * Decodes TensorBoard event files: scalars as plain values or as tensors of one element, and starts of sessions. What else is in the
 * file (images, histograms, text, graphs) is passed over. A file may begin with a record of its version; nothing depends on it, as
 * CatBoost writes none.
 */
export const createEventFileDecoder: CreateDecoder = ({ stream, tags, onRecord, onProblem, saved }) => {
  const before = readSavedEvents(saved);
  const known = createKnownTags({ tags, foreignTags: before.foreignTags });
  const cursor = createCursor();
  const event = createEventFields();
  const { fields: value, read } = createValueReader();
  let { framework, samples } = before;
  /** Of the event that is read. */
  let timeSeconds: number | undefined;
  let hasTold = false;
  /** Events of a push that told something. */
  let events = 0;

  const frames = createFrameReader({
    onProblem,
    onRecord: (bytes, view, start, end) => {
      cursor.bytes = bytes;
      cursor.view = view;
      cursor.at = start;
      cursor.end = end;
      hasTold = false;
      readRecord();
      if (hasFailed(cursor)) onProblem('bad_record');
      if (hasTold) events++;
    },
  });

  function readRecord(): void {
    const { end } = cursor;
    readEvent(cursor, event);
    if (hasFailed(cursor)) return;
    timeSeconds = event.wallTime > 0 && event.wallTime < Number.POSITIVE_INFINITY ? event.wallTime : undefined;
    // A writer opens its file when the program starts, which is long before the first step.
    if (event.isVersion) stream.sessionStart({ timeSeconds });
    if (event.startsSession) {
      hasTold = true;
      stream.sessionStart({ step: event.step, timeSeconds });
    }
    if (event.summaryAt === undefined) return;
    cursor.at = event.summaryAt;
    cursor.end = end;
    readSummaries(cursor, readValue);
  }

  function readValue(): void {
    read(cursor);
    if (hasFailed(cursor)) return;
    const tag = known.of(cursor.bytes, value.tagAt, value.tagEnd);
    if (tag !== undefined) tellValue(tag);
    else if (value.hasNumber) onProblem('too_long');
  }

  function tellValue(tag: KnownTag): void {
    if (value.isScalar !== undefined) known.claim(tag, value.isScalar);
    if (!value.hasNumber || (value.isTensor && tag.isForeign)) return;
    tell(tag, value.number);
  }

  function tell({ name, target, isAllowed }: KnownTag, number: number): void {
    if (target !== undefined) tellTarget(target, number);
    else if (isAllowed) {
      stream.scalar(name, number);
      hasTold = true;
    }
  }

  function tellTarget({ quantity, scale, axis, framework: writer }: TagTarget, number: number): void {
    if (framework === undefined && writer !== undefined) {
      framework = writer;
      stream.framework(writer);
    }
    if (quantity === undefined) return;
    hasTold = true;
    const { step } = event;
    stream.value(quantity, number * scale, axis === 'steps' ? step : undefined, timeSeconds);
    if (axis === 'steps' || step === samples) return;
    samples = step;
    stream.value('samples', step, undefined, timeSeconds);
  }

  return {
    push: (bytes) => {
      events = 0;
      frames.push(bytes);
      releaseBytes(cursor);
      if (events > 0) onRecord(events);
    },
    settle: stream.settle,
    pendingBytes: frames.pendingBytes,
    isDead: frames.isDead,
    save: () => writeSavedEvents({ foreignTags: known.foreignTags(), framework, samples }),
  };
};
