/** What the database says before it ends, of which PGlite tells nothing. */
export interface LastWords {
  readonly hear: (line: string) => void;
  /** The gravest line of the last few; undefined if it said nothing. */
  readonly tell: () => string | undefined;
}

const linesKept = 20;
/** Time and process id. */
const logPrefix = /^\d{4}-\S+ \S+ \S+ \[\d+\] /;
const grave = ['PANIC:', 'FATAL:', 'ERROR:'];

export function createLastWords(): LastWords {
  const lines: string[] = [];
  return {
    hear: (line) => {
      lines.push(line.replace(logPrefix, '').slice(0, 500));
      if (lines.length > linesKept) lines.shift();
    },
    tell: () =>
      grave.map((word) => lines.findLast((line) => line.includes(word))).find((line) => line !== undefined) ??
      lines.at(-1),
  };
}

/**
 * Sees in the database's answer that it has ended itself: an error of severity FATAL or PANIC. PGlite goes on as if nothing had happened,
 * and every later statement would hang.
 */
export interface FatalWatch {
  readonly see: (bytes: Uint8Array) => void;
  /** The database's own words; undefined while it lives. */
  readonly reason: () => string | undefined;
}

const errorResponse = 'E'.charCodeAt(0);

export function createWatch(): FatalWatch {
  let rest: Buffer = Buffer.alloc(0);
  /** Bytes of a message that is not looked into. */
  let skip = 0;
  let reason: string | undefined;

  function next(): boolean {
    if (rest.length < 5) return false;
    const length = rest.readUInt32BE(1) + 1;
    if (rest[0] !== errorResponse) {
      skip = Math.max(0, length - rest.length);
      rest = rest.subarray(length);
      return skip === 0;
    }
    if (rest.length < length) return false;
    reason ??= fatalMessage(rest.subarray(5, length));
    rest = rest.subarray(length);
    return true;
  }

  return {
    see: (bytes) => {
      const skipped = Math.min(skip, bytes.length);
      skip -= skipped;
      if (skip > 0) return;
      rest = Buffer.concat([rest, bytes.subarray(skipped)]);
      while (next());
    },
    reason: () => reason,
  };
}

/** The fields of an error are a letter and a text that ends with a zero byte. */
function fatalMessage(body: Buffer): string | undefined {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .map((field) => [field.slice(0, 1), field.slice(1)]),
  );
  const severity = fields.get('V') ?? fields.get('S') ?? '';
  return ['FATAL', 'PANIC'].includes(severity) ? fields.get('M') : undefined;
}
