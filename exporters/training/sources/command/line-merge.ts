const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** No longer line tells anything; a decoder of logs lets it go as well. */
const longestHeld = 64 * 1024;
const endOfLine = Buffer.from('\n');
const endOfBar = Buffer.from('\r');

/**
 * Makes one log of the outputs of a program, as a terminal shows it: whole lines, in the order in which they end. A progress bar on one of
 * them says at which step the line on the other was written.
 */
export interface LineMerge {
  readonly push: (output: string, bytes: Buffer) => void;
  /** The outputs are at their end; what was held is a line too. */
  readonly end: () => void;
}

interface Held {
  readonly bytes: Buffer;
  /** It stands after a carriage return: a progress bar is drawn so, and nothing tells that it is complete but what comes next. */
  readonly isBar: boolean;
}

export function createLineMerge(take: (bytes: Buffer) => void): LineMerge {
  const held = new Map<string, Held>();

  function hold(output: string, bytes: Buffer, isBar: boolean): void {
    if (bytes.length <= longestHeld) {
      held.set(output, { bytes, isBar });
      return;
    }
    held.delete(output);
    take(bytes);
    take(endOfLine);
  }

  /** The bars that are on the screen when a line of this output appears. */
  function takeBars(output: string): void {
    for (const [other, { bytes, isBar }] of held) {
      if (other === output || !isBar) continue;
      held.delete(other);
      take(bytes);
      take(endOfBar);
    }
  }

  return {
    push: (output, bytes) => {
      if (bytes.length === 0) return;
      const before = held.get(output);
      const end = Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn)) + 1;
      if (end === 0) {
        hold(
          output,
          before === undefined ? Buffer.from(bytes) : Buffer.concat([before.bytes, bytes]),
          before?.isBar ?? false,
        );
        return;
      }
      takeBars(output);
      held.delete(output);
      if (before !== undefined) take(before.bytes);
      take(bytes.subarray(0, end));
      // A copy, which does not keep the whole piece in memory.
      if (end < bytes.length) hold(output, Buffer.from(bytes.subarray(end)), bytes[end - 1] === carriageReturn);
    },
    end: () => {
      for (const { bytes } of held.values()) {
        take(bytes);
        take(endOfLine);
      }
      held.clear();
    },
  };
}
