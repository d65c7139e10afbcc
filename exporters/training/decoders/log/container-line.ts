import type { TakePart } from './line-splitter.ts';
import { maxLineBytes } from './line-splitter.ts';

/** `stamp` is the time that the container runtime gave the line, in RFC 3339. */
export type TakeText = (text: string, stamp: string | undefined) => void;

/** `<time> <stream> <F or P> <text>`: k8s.io/cri-api, the format of containerd and CRI-O. P is a part of a line that goes on. */
const criLine = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?::\S*)? ?/;
/** Docker's json-file driver; a line that goes on has no line feed at its end. */
const dockerStart = '{"log":"';

interface Wrapped {
  readonly text: string;
  readonly stamp: string | undefined;
  readonly stream: string;
  readonly goesOn: boolean;
}

/**
 * Takes off what container runtimes put before each line, and joins lines that they cut. A cut line that is waited for does not survive
 * a restart: it has more than the 16 KiB at which they cut, as only progress bars have.
 */
export function createContainerLines(take: TakeText, onTooLong: () => void): TakePart {
  /** Per stream, because stdout and stderr interleave. Undefined for one that is too long. */
  const carried = new Map<string, string | undefined>();
  let isLineStart = true;
  let line: Wrapped | undefined;

  function deliver({ text, stamp, stream }: Wrapped, goesOn: boolean): void {
    const whole = goesOn || carried.has(stream) ? joined(stream, text) : text;
    if (goesOn) carried.set(stream, whole);
    else carried.delete(stream);
    if (!goesOn && whole !== undefined) takeParts(whole, stamp);
  }

  function joined(stream: string, text: string): string | undefined {
    if (!carried.has(stream)) return own(text);
    const before = carried.get(stream);
    if (before === undefined) return undefined;
    if (before.length + text.length <= maxLineBytes) return before + own(text);
    onTooLong();
    return undefined;
  }

  function takeParts(text: string, stamp: string | undefined): void {
    for (const part of text.includes('\r') ? text.split('\r') : [text]) take(part, stamp);
  }

  return (text, endsLine) => {
    if (isLineStart) line = unwrap(text);
    const goesOn = endsLine && line?.goesOn === true;
    if (line === undefined) take(text, undefined);
    else deliver(isLineStart ? line : { ...line, text }, goesOn);
    isLineStart = endsLine;
  };
}

function unwrap(text: string): Wrapped | undefined {
  if (text.charCodeAt(10) === 84 && text.charCodeAt(4) === 45) return unwrapCri(text);
  return text.startsWith(dockerStart) ? unwrapDocker(text) : undefined;
}

function unwrapCri(text: string): Wrapped | undefined {
  const match = criLine.exec(text);
  if (match === null) return undefined;
  const [prefix, stamp, stream = '', tag] = match;
  return { text: text.slice(prefix.length), stamp, stream, goesOn: tag === 'P' };
}

function unwrapDocker(text: string): Wrapped | undefined {
  const entry = parseObject(text);
  const log = entry?.['log'];
  if (typeof log !== 'string') return undefined;
  const { stream, time } = entry ?? {};
  const isWhole = log.endsWith('\n');
  return {
    text: isWhole ? log.slice(0, -1) : log,
    stamp: typeof time === 'string' && time.length <= 40 ? time : undefined,
    stream: stream === 'stderr' ? 'stderr' : 'stdout',
    goesOn: !isWhole,
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What outlives the piece must not hold its whole text in memory. */
function own(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
