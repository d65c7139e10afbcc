/** How a stream of answers is cut into events: an empty line ends one of server-sent events, every line is one of NDJSON. */
export type EventFraming = 'sse' | 'ndjson';

export interface EventSplitter {
  /** Calls back for each event that the bytes complete, in order, with its last newline. */
  readonly push: (bytes: Buffer, onEvent: (event: Buffer) => void) => void;
  /** Bytes of an event that has begun and not ended. */
  readonly pendingBytes: () => number;
  /** Hands out what has begun and not ended, and forgets it: what follows is taken as the rest of it, up to its end. */
  readonly takePending: () => Buffer;
}

const newline = 10;
const carriageReturn = 13;

/** Cuts bytes into events wherever the network cut them: within a frame, a line ending or a character. */
export function createEventSplitter(framing: EventFraming): EventSplitter {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  /** Bytes since the last newline, and the last of them. */
  let lineBytes = 0;
  let lastByte = 0;

  function isEnd(bytes: Buffer, lineStart: number, at: number): boolean {
    if (framing === 'ndjson') return true;
    const length = lineBytes + at - lineStart;
    if (length > 1) return false;
    return length === 0 || (at > lineStart ? bytes[at - 1] : lastByte) === carriageReturn;
  }

  function take(rest: Buffer): Buffer {
    if (pending.length === 0) return rest;
    const whole = Buffer.concat([...pending, rest]);
    pending = [];
    pendingBytes = 0;
    return whole;
  }

  return {
    push: (bytes, onEvent) => {
      let eventStart = 0;
      let lineStart = 0;
      for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, lineStart)) {
        const ends = isEnd(bytes, lineStart, at);
        lineStart = at + 1;
        lineBytes = 0;
        if (!ends) continue;
        onEvent(take(bytes.subarray(eventStart, lineStart)));
        eventStart = lineStart;
      }
      if (bytes.length > lineStart) {
        lineBytes += bytes.length - lineStart;
        lastByte = bytes[bytes.length - 1] ?? 0;
      }
      if (eventStart === bytes.length) return;
      const rest = bytes.subarray(eventStart);
      pending.push(rest);
      pendingBytes += rest.length;
    },
    pendingBytes: () => pendingBytes,
    takePending: () => take(Buffer.alloc(0)),
  };
}
