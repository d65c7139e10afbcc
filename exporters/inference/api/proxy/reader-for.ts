import type { IncomingMessage } from 'node:http';
import { type AnswerReader, createStreamReader, createWholeReader } from '../../dialects/answer-reader.ts';
import type { Dialect, Told } from '../../dialects/dialect.ts';
import type { UsageWish } from '../../dialects/request-body.ts';
import type { Malformed } from '../../metering/proxy-counters.ts';
import type { RequestMeter } from '../../metering/request-meter.ts';

interface Listeners {
  /** Undefined where nothing is measured. */
  readonly meter: RequestMeter | undefined;
  /** The answer says that it failed. */
  readonly onError: () => void;
  readonly onMalformed: (kind: Malformed) => void;
}

const untouched: AnswerReader = { mayShorten: false, push: (bytes) => bytes, end: () => Buffer.alloc(0) };

/** Reads an answer in the form that its headers tell. One in a form that nobody here can read passes unread. */
export function readerFor(
  { headers }: Pick<IncomingMessage, 'headers'>,
  dialect: Dialect,
  wish: UsageWish,
  { meter, onError, onMalformed }: Listeners,
): AnswerReader {
  if (meter === undefined || isEncoded(headers['content-encoding'])) return untouched;
  const type = headers['content-type'] ?? '';
  const onTold = ({ usage, isError }: Told): void => {
    if (usage !== undefined) meter.usage(usage);
    if (isError === true) onError();
  };
  const listener = { onTold, onMalformed, onTooLarge: meter.usageTooLarge };
  const framing = framingOf(type);
  if (framing === undefined) return /\bjson\b/.test(type) ? createWholeReader(dialect, listener) : untouched;
  const strip = wish === 'none' ? undefined : { usageEvent: true, usageMember: wish === 'continuous' };
  return createStreamReader({ ...dialect, framing }, strip, {
    ...listener,
    onTold: (told) => {
      if (told.hasContent === true) meter.piece();
      onTold(told);
    },
  });
}

function framingOf(contentType: string): 'sse' | 'ndjson' | undefined {
  if (contentType.startsWith('text/event-stream')) return 'sse';
  return /^application\/(x-ndjson|jsonl|x-jsonlines)/.test(contentType) ? 'ndjson' : undefined;
}

function isEncoded(encoding: string | undefined): boolean {
  return encoding !== undefined && encoding !== 'identity';
}
