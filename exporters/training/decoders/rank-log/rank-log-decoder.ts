import type { CreateDecoder } from '../file-decoder.ts';
import { createLineSplitter } from '../log/line-splitter.ts';
import { createScalarTeller } from '../log/scalar-teller.ts';
import { phaseOfSpan } from './rank-phase.ts';

const spanEnd = '_end';
/** Most records say that a span begins, and are not taken apart. */
const telling = /_end"|"metric_value"/;
const maxRank = 2 ** 24;

type Fields = Readonly<Record<string, unknown>>;

/**
 * torchtitan's structured logs, one file for each rank (torchtitan/observability/structured_logger/jsonl_handler.py): a JSON object on
 * each line. `log_type_name` ends with `_end` where a span is over, and `value` is then how long it took, in milliseconds; a scalar is
 * `metric_value`, with its name in `event_name`.
 */
export const createRankLogDecoder: CreateDecoder = ({ stream, tags, onRecord, onProblem, saved }) => {
  const scalars = createScalarTeller({ stream, tags, tagOf: (name) => name });
  let records = 0;
  let isFrameworkTold = false;

  function takeLine(line: string): void {
    const text = line.trim();
    if (text === '') return;
    const isObject = text.startsWith('{') && text.endsWith('}');
    if (isObject && !telling.test(text)) return;
    const fields = isObject ? parseFields(text) : undefined;
    if (fields === undefined) onProblem('bad_record');
    else if (takeRecord(fields)) records++;
  }

  function tellFramework(): void {
    if (!isFrameworkTold) stream.framework('torchtitan');
    isFrameworkTold = true;
  }

  function takeRecord(fields: Fields): boolean {
    const { log_type_name: type, value } = fields;
    if (typeof type !== 'string' || typeof value !== 'number') return false;
    const step = countOf(fields['step']);
    const timeSeconds = timeOf(fields['time_us']);
    if (type === 'metric_value') return takeScalar(fields['event_name'], value, step, timeSeconds);
    const phase = type.endsWith(spanEnd) ? phaseOfSpan(type.slice(0, -spanEnd.length)) : undefined;
    if (phase === undefined || value < 0) return false;
    tellFramework();
    stream.phaseTime({ phase, seconds: value / 1000, rank: rankOf(fields), step, timeSeconds });
    return true;
  }

  function takeScalar(
    name: unknown,
    value: number,
    step: number | undefined,
    timeSeconds: number | undefined,
  ): boolean {
    if (typeof name !== 'string') return false;
    const scalar = scalars.find(name);
    if (scalar.target?.quantity === undefined && scalar.shownAs === undefined) return false;
    tellFramework();
    scalars.tell(scalar, value, step, timeSeconds);
    return true;
  }

  const splitter = createLineSplitter({
    take: takeLine,
    onTooLong: () => onProblem('too_long'),
    startsSkipping: isSkippingOf(saved),
  });

  return {
    push: (bytes) => {
      splitter.push(bytes);
      if (records > 0) onRecord(records);
      records = 0;
    },
    settle: stream.settle,
    pendingBytes: splitter.pendingBytes,
    isDead: () => false,
    save: () => ({ isSkipping: splitter.isSkipping() }),
  };
};

function parseFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** `rank` is that of the process group, `global_rank` that of the job; they differ with several groups. */
function rankOf(fields: Fields): number | undefined {
  const rank = countOf(fields['global_rank']) ?? countOf(fields['rank']);
  return rank !== undefined && rank <= maxRank ? rank : undefined;
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function timeOf(microseconds: unknown): number | undefined {
  return typeof microseconds === 'number' && microseconds > 0 ? microseconds / 1e6 : undefined;
}

function isSkippingOf(saved: unknown): boolean {
  return typeof saved === 'object' && saved !== null && (saved as Fields)['isSkipping'] === true;
}
