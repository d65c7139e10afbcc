const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** No longer line tells anything; a decoder of logs lets it go as well. */
const longestHeld = 64 * 1024;
const endOfLine = Buffer.from('\n');

/**
 * Makes one log of the outputs of a program, as a terminal shows it: whole lines, in the order in which they end. A progress bar on one of
 * them says at which step the line on the other was written.
 */
export interface LineMerge {
  readonly push: (output: string, bytes: Buffer) => void;
  /** The outputs are at their end; what was held is a line too. */
  readonly end: () => void;
}

export function createLineMerge(take: (bytes: Buffer) => void): LineMerge {
  const held = new Map<string, Buffer>();

  function hold(output: string, bytes: Buffer): void {
    const all = Buffer.concat([held.get(output) ?? Buffer.alloc(0), bytes]);
    if (all.length <= longestHeld) {
      held.set(output, all);
      return;
    }
    held.delete(output);
    take(all);
    take(endOfLine);
  }

  return {
    push: (output, bytes) => {
      const end = Math.max(bytes.lastIndexOf(lineFeed), bytes.lastIndexOf(carriageReturn)) + 1;
      if (end > 0) {
        const before = held.get(output);
        held.delete(output);
        if (before !== undefined) take(before);
        take(bytes.subarray(0, end));
      }
      if (end < bytes.length) hold(output, bytes.subarray(end));
    },
    end: () => {
      for (const rest of held.values()) {
        take(rest);
        take(endOfLine);
      }
      held.clear();
    },
  };
}
