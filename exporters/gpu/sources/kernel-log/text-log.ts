import type { KernelMessage, LogDecoder } from './kernel-message.ts';
import { parseLogLine } from './log-line.ts';
import { xidMark } from './xid-line.ts';

export const longestLine = 16 * 1024;
const newline = 0x0a;
/** More than this of a line says nothing about an XID. */
const readOfLine = 1024;

/**
 * Decodes lines of syslog or dmesg. Lines are cut at `longestLine`. A line costs text only if it has an XID; else searching for
 * bytes is all that is done with it, so that a flood of other messages is cheap.
 */
export function createTextLog({ startsInLine }: { readonly startsInLine: boolean }): LogDecoder {
  let unfinished: Buffer = Buffer.alloc(0);
  /** In the part of a line that is not wanted. */
  let isSkipping = startsInLine;

  function withoutSkipped(bytes: Buffer): Buffer {
    if (!isSkipping) return bytes;
    const end = bytes.indexOf(newline);
    isSkipping = end === -1;
    return isSkipping ? Buffer.alloc(0) : bytes.subarray(end + 1);
  }

  return {
    push: (bytes) => {
      const rest = withoutSkipped(bytes);
      if (rest.length === 0) return [];
      const data = unfinished.length === 0 ? rest : Buffer.concat([unfinished, rest]);
      const end = data.lastIndexOf(newline) + 1;
      const messages = messagesOf(data.subarray(0, end));
      const tail = data.subarray(end);
      isSkipping = tail.length > longestLine;
      // A copy, because whoever gave the bytes may use their buffer again.
      unfinished = isSkipping ? Buffer.alloc(0) : Buffer.from(tail);
      return isSkipping ? [...messages, ...messagesOf(tail)] : messages;
    },
    end: () => {
      const messages = messagesOf(unfinished);
      unfinished = Buffer.alloc(0);
      isSkipping = false;
      return messages;
    },
  };
}

function messagesOf(lines: Buffer): readonly KernelMessage[] {
  const messages: KernelMessage[] = [];
  for (let at = lines.indexOf(xidMark); at !== -1; ) {
    const start = at === 0 ? 0 : lines.lastIndexOf(newline, at - 1) + 1;
    const next = lines.indexOf(newline, at);
    const end = next === -1 ? lines.length : next;
    const message = parseLogLine(lines.toString('latin1', start, Math.min(end, start + readOfLine)).trimEnd());
    if (message !== undefined) messages.push(message);
    at = lines.indexOf(xidMark, end);
  }
  return messages;
}
