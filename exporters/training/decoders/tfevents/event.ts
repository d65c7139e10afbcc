import {
  bytesField,
  type Cursor,
  enter,
  fixed64Field,
  hasFailed,
  readDouble,
  readVarint,
  skipBytes,
  skipField,
  varintField,
} from './wire.ts';

/** What is read of one event, written over by the next. */
export interface EventFields {
  /** 0 if it is left out. */
  wallTime: number;
  step: number;
  /** The first record of a file, which tells the version of its form. */
  isVersion: boolean;
  /** The writer begins anew at this step. */
  startsSession: boolean;
  /** Where the first field with a summary begins. */
  summaryAt: number | undefined;
}

/** tensorflow/core/util/event.proto. */
const wallTime = fixed64Field(1);
const step = varintField(2);
const fileVersion = bytesField(3);
const summary = bytesField(5);
const sessionLog = bytesField(7);
const status = varintField(1);
const start = 1;
/** tensorflow/core/framework/summary.proto. */
const summaryValue = bytesField(1);

export function createEventFields(): EventFields {
  return { wallTime: 0, step: 0, isVersion: false, startsSession: false, summaryAt: undefined };
}

/** Reads all fields but the values: those are told with the step, which may stand behind them. */
export function readEvent(cursor: Cursor, event: EventFields): void {
  event.wallTime = 0;
  event.step = 0;
  event.isVersion = false;
  event.startsSession = false;
  event.summaryAt = undefined;
  while (cursor.at < cursor.end) {
    const { at } = cursor;
    const field = readVarint(cursor);
    if (field === wallTime) event.wallTime = readDouble(cursor);
    else if (field === step) event.step = readVarint(cursor);
    else if (field === summary) {
      event.summaryAt ??= at;
      skipBytes(cursor);
    } else if (field === fileVersion) {
      event.isVersion = true;
      skipBytes(cursor);
    } else if (field === sessionLog) event.startsSession ||= isStart(cursor);
    else skipField(cursor, field);
  }
}

/** Reads the values from the first summary on, one by one with `readValue`, which is to stop at the end of the cursor. */
export function readSummaries(cursor: Cursor, readValue: () => void): void {
  while (cursor.at < cursor.end) {
    const field = readVarint(cursor);
    if (field === summary) readSummary(cursor, readValue);
    else skipField(cursor, field);
  }
}

function readSummary(cursor: Cursor, readValue: () => void): void {
  const outerEnd = enter(cursor);
  while (cursor.at < cursor.end) {
    const field = readVarint(cursor);
    if (field !== summaryValue) {
      skipField(cursor, field);
      continue;
    }
    const summaryEnd = enter(cursor);
    if (!hasFailed(cursor)) readValue();
    cursor.end = summaryEnd;
  }
  cursor.end = outerEnd;
}

function isStart(cursor: Cursor): boolean {
  const outerEnd = enter(cursor);
  let isSaid = false;
  while (cursor.at < cursor.end) {
    const field = readVarint(cursor);
    if (field === status) isSaid = readVarint(cursor) === start;
    else skipField(cursor, field);
  }
  cursor.end = outerEnd;
  return isSaid;
}
