/** The longest part of a line that is kept. Lines of the frameworks have some hundred bytes. */
export const maxLineBytes = 64 * 1024;
/** What is turned into text at once, whatever the size of a piece. */
const windowBytes = 256 * 1024;

/**
 * `text` holds one byte in each character: every parser looks for ASCII only, so bytes that are no UTF-8 need no care. `endsLine` is
 * false for a part that a progress bar overwrites, which ends with a carriage return.
 */
export type TakePart = (text: string, endsLine: boolean) => void;

export interface LineSplitter {
  readonly push: (bytes: Uint8Array) => void;
  /** Bytes of the part that is not complete; 0 while a part that is too long is skipped. */
  readonly pendingBytes: () => number;
  readonly isSkipping: () => boolean;
}

interface Deps {
  readonly take: TakePart;
  readonly onTooLong: () => void;
  /** Whether the bytes go on in a part that is too long. */
  readonly startsSkipping: boolean;
}

/** Cuts bytes at line feeds and carriage returns. The same parts come out whatever the pieces are that go in. */
export function createLineSplitter({ take, onTooLong, startsSkipping }: Deps): LineSplitter {
  let rest = '';
  let isSkipping = startsSkipping;

  function complete(tail: string, endsLine: boolean): void {
    const text = rest === '' ? tail : rest + tail;
    rest = '';
    const isTooLong = text.length > maxLineBytes;
    if (isTooLong) onTooLong();
    // Of a part that is left out the reader must still know that a line ended.
    if (isTooLong || isSkipping) take('', endsLine);
    else take(text, endsLine);
    isSkipping = false;
  }

  function keep(buffer: Buffer, from: number): void {
    if (isSkipping || from >= buffer.length) return;
    // A text of its own: a slice would hold the whole window in memory until the line ends.
    rest += buffer.toString('latin1', from, Math.min(buffer.length, from + maxLineBytes + 1));
    if (rest.length <= maxLineBytes) return;
    rest = '';
    isSkipping = true;
    onTooLong();
  }

  function pushWindow(buffer: Buffer): void {
    const text = buffer.toString('latin1');
    let at = 0;
    let feed = text.indexOf('\n');
    let back = text.indexOf('\r');
    while (feed !== -1 || back !== -1) {
      const endsLine = back === -1 || (feed !== -1 && feed < back);
      const end = endsLine ? feed : back;
      complete(text.slice(at, end), endsLine);
      at = end + 1;
      if (endsLine) feed = text.indexOf('\n', at);
      else back = text.indexOf('\r', at);
    }
    keep(buffer, at);
  }

  return {
    push: (bytes) => {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at < buffer.length; at += windowBytes) pushWindow(buffer.subarray(at, at + windowBytes));
    },
    pendingBytes: () => rest.length,
    isSkipping: () => isSkipping,
  };
}
