import { isObject } from '../json-object.ts';
import type { Dialect, Told } from './dialect.ts';
import { createEventSplitter } from './event-splitter.ts';
import { findMember } from './json-member.ts';

/** What was asked for beside what the client wanted, so that it can be taken out again. */
export interface ToStrip {
  /** The event that holds nothing but the usage. */
  readonly usageEvent: boolean;
  /** The member `usage` of every other event. */
  readonly usageMember: boolean;
}

/** Told of an answer while it passes by. */
export interface AnswerListener {
  readonly onTold: (told: Told) => void;
  readonly onMalformed: (kind: 'stream_event' | 'response_json') => void;
  /** The answer is too long to be read; its usage stays unknown. */
  readonly onTooLarge: () => void;
}

/** Reads an answer while it passes through. */
export interface AnswerReader {
  /** What goes on to the client of these bytes, and of bytes that were held back before. */
  readonly push: (bytes: Buffer) => Buffer;
  /** The rest that was held back. */
  readonly end: () => Buffer;
  /** Whether less may go on than came, so that nobody knows the length of the body before its end. */
  readonly mayShorten: boolean;
}

/** An event of more bytes is passed on unread. Pictures and long tool calls have some megabytes. */
const largestEventBytes = 16 * 1024 * 1024;
/** An event that only holds usage is far smaller; a longer one is not held back until it is whole, unless something is to be taken out of each. */
const largestUsageEventBytes = 64 * 1024;
const largestAnswerBytes = 16 * 1024 * 1024;
const nothing = Buffer.alloc(0);
const doneMark = '[DONE]';

/** A stream goes on as it came, event by event, without what the proxy itself asked for. */
export function createStreamReader(
  dialect: Dialect,
  strip: ToStrip | undefined,
  listener: AnswerListener,
): AnswerReader {
  const splitter = createEventSplitter(dialect.framing);
  /** Bytes of the present event that have gone on before it was whole, since it is too long to hold. */
  let isPassing = false;
  const mostHeldBytes = strip?.usageMember === true ? largestEventBytes : largestUsageEventBytes;
  let isOversized = false;

  /** What goes on of an event; undefined for nothing. */
  function keep(event: Buffer): Buffer | undefined {
    const data = dataOf(event, dialect);
    const told = data === undefined ? undefined : read(data);
    if (data === undefined || told === undefined) return event;
    listener.onTold(told);
    if (strip?.usageEvent === true && told.isUsageOnly === true) return undefined;
    return strip?.usageMember === true && told.usage !== undefined ? withoutUsage(event, data) : event;
  }

  function read(data: string): Told | undefined {
    if (data === doneMark) return { isLast: true };
    const parsed = parse(data);
    if (parsed === undefined) listener.onMalformed('stream_event');
    return parsed === undefined ? undefined : dialect.readEvent(parsed);
  }

  /** Nothing is taken out of the stream, so that the bytes go on before they are looked at. */
  function look(bytes: Buffer): void {
    splitter.push(bytes, (event) => {
      if (isOversized) isOversized = false;
      else keep(event);
    });
    dropOversized();
  }

  function dropOversized(): void {
    if (splitter.pendingBytes() <= largestEventBytes) return;
    if (!isOversized) {
      listener.onMalformed('stream_event');
      listener.onTold({ hasContent: true });
    }
    isOversized = true;
    splitter.takePending();
  }

  function filter(bytes: Buffer): Buffer {
    const kept: Buffer[] = [];
    let isSame = splitter.pendingBytes() === 0 && !isPassing;
    splitter.push(bytes, (event) => {
      if (isPassing) {
        isPassing = false;
        kept.push(event);
        return;
      }
      const goesOn = keep(event);
      if (goesOn !== event) isSame = false;
      if (goesOn !== undefined) kept.push(goesOn);
    });
    if (splitter.pendingBytes() > 0) isSame = false;
    if (isPassing || splitter.pendingBytes() > mostHeldBytes) {
      kept.push(passUnread());
    }
    if (isSame) return bytes;
    return kept.length === 1 ? (kept[0] ?? nothing) : Buffer.concat(kept);
  }

  /** It is too long for a usage, and long enough to be a piece of the answer. */
  function passUnread(): Buffer {
    if (!isPassing) listener.onTold({ hasContent: true });
    isPassing = true;
    return splitter.takePending();
  }

  return {
    mayShorten: strip !== undefined,
    push: (bytes) => {
      if (strip !== undefined) return filter(bytes);
      look(bytes);
      return bytes;
    },
    end: () => {
      if (isPassing || isOversized) return splitter.takePending();
      const rest = splitter.takePending();
      if (rest.length === 0) return rest;
      const goesOn = keep(rest);
      return strip === undefined ? nothing : (goesOn ?? nothing);
    },
  };
}

/** An answer that comes as one piece: all of it goes on at once, and is read at its end. */
export function createWholeReader(dialect: Dialect, listener: AnswerListener): AnswerReader {
  let pieces: Buffer[] = [];
  let size = 0;
  return {
    mayShorten: false,
    push: (bytes) => {
      size += bytes.length;
      if (size <= largestAnswerBytes) pieces.push(bytes);
      else pieces = [];
      return bytes;
    },
    end: () => {
      if (size > largestAnswerBytes) listener.onTooLarge();
      else if (size > 0) tell(Buffer.concat(pieces).toString('utf8'));
      return nothing;
    },
  };

  function tell(text: string): void {
    const parsed = parse(text);
    if (parsed === undefined) listener.onMalformed('response_json');
    else listener.onTold(dialect.readAnswer(parsed));
  }
}

/** The data of one event; undefined for a comment or an event without data. */
function dataOf(event: Buffer, { framing }: Dialect): string | undefined {
  const text = event.toString('utf8');
  if (framing === 'ndjson') return text.trim() === '' ? undefined : text.trim();
  const lines = text.split('\n').filter((line) => line.startsWith('data:'));
  if (lines.length === 0) return undefined;
  return lines.map((line) => line.slice(5).trim()).join('\n');
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The event as the server writes it when nobody asks for usage. */
function withoutUsage(event: Buffer, data: string): Buffer {
  const member = findMember(data, 'usage');
  const text = event.toString('utf8');
  const at = text.indexOf(data);
  if (member === undefined || at === -1) return event;
  return Buffer.from(text.slice(0, at + member.cutStart) + text.slice(at + member.cutEnd));
}
