import type { KernelMessage, LogDecoder } from './kernel-message.ts';

const newline = 0x0a;
const equals = 0x3d;
const longestField = 16 * 1024;
const sizeBytes = 8;
/** The journal itself takes no larger field; a size beyond it is a broken one, which must not swallow the log. */
const largestField = 2 ** 30;
const wanted = ['MESSAGE', '_TRANSPORT', '__REALTIME_TIMESTAMP'] as const;
type Wanted = (typeof wanted)[number];

/** What comes next: a line, the size of a field that is not text, its bytes, or the rest of a line that is too long. */
type Expected =
  | { readonly is: 'line' }
  | { readonly is: 'size'; readonly of: Wanted | undefined }
  | { readonly is: 'bytes'; readonly of: Wanted | undefined; readonly left: number }
  | { readonly is: 'rest' };

/**
 * Decodes the export format of the systemd journal: a line `FIELD=value` for each field, or `FIELD`, the size in 64 bits (little
 * endian), the bytes and a newline where the value has control characters; an empty line ends the entry.
 * Format: systemd.io/JOURNAL_EXPORT_FORMATS. Only entries of the kernel are taken.
 */
export function createJournalLog(): LogDecoder {
  let data: Buffer = Buffer.alloc(0);
  let expected: Expected = { is: 'line' };
  let fields: Partial<Record<Wanted, string>> = {};

  function take(size: number): Buffer {
    const taken = data.subarray(0, size);
    data = data.subarray(size);
    return taken;
  }

  function entry(): KernelMessage | undefined {
    const { MESSAGE: text, _TRANSPORT: transport = 'kernel', __REALTIME_TIMESTAMP: microseconds = '' } = fields;
    fields = {};
    if (text === undefined || transport !== 'kernel') return undefined;
    return /^\d{1,16}$/.test(microseconds) ? { text, unixSeconds: Number(microseconds) / 1e6 } : { text };
  }

  function line(): KernelMessage | 'more' | undefined {
    const end = data.indexOf(newline);
    if (end === 0) {
      take(1);
      return entry();
    }
    if (end > 0 && end <= longestField) {
      field(take(end));
      take(1);
      return undefined;
    }
    if (data.length <= longestField) return 'more';
    field(take(longestField));
    expected = { is: 'rest' };
    return undefined;
  }

  function field(bytes: Buffer): void {
    const split = bytes.indexOf(equals);
    const name = wantedName(bytes.toString('latin1', 0, split === -1 ? bytes.length : split));
    if (split === -1) expected = { is: 'size', of: name };
    else if (name !== undefined) fields[name] = bytes.toString('latin1', split + 1);
  }

  function size(of: Wanted | undefined): 'more' | undefined {
    if (data.length < sizeBytes) return 'more';
    const length = Number(take(sizeBytes).readBigUInt64LE());
    // A newline follows the bytes.
    expected = length > largestField ? { is: 'line' } : { is: 'bytes', of, left: length + 1 };
    return undefined;
  }

  function bytes(of: Wanted | undefined, left: number): 'more' | undefined {
    const isWhole = data.length >= left;
    // A field that is wanted is waited for, unless it is too long; what is passed over need not be.
    if (!isWhole && of !== undefined && left <= longestField) return 'more';
    const taken = take(isWhole ? left : data.length);
    if (of !== undefined) fields[of] = taken.toString('latin1', 0, Math.min(taken.length - 1, longestField));
    expected = isWhole ? { is: 'line' } : { is: 'bytes', of: undefined, left: left - taken.length };
    return isWhole ? undefined : 'more';
  }

  function rest(): 'more' | undefined {
    const end = data.indexOf(newline);
    take(end === -1 ? data.length : end + 1);
    if (end === -1) return 'more';
    expected = { is: 'line' };
    return undefined;
  }

  function step(): KernelMessage | 'more' | undefined {
    switch (expected.is) {
      case 'line':
        return line();
      case 'size':
        return size(expected.of);
      case 'bytes':
        return bytes(expected.of, expected.left);
      case 'rest':
        return rest();
    }
  }

  return {
    push: (more) => {
      data = data.length === 0 ? more : Buffer.concat([data, more]);
      const messages: KernelMessage[] = [];
      while (data.length > 0) {
        const message = step();
        if (message === 'more') break;
        if (message !== undefined) messages.push(message);
      }
      // A copy, because whoever gave the bytes may use their buffer again.
      data = Buffer.from(data);
      return messages;
    },
    end: () => {
      const message = entry();
      data = Buffer.alloc(0);
      expected = { is: 'line' };
      return message === undefined ? [] : [message];
    },
  };
}

function wantedName(name: string): Wanted | undefined {
  return wanted.find((one) => one === name);
}
