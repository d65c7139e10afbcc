import { createJournalLog } from './journal-log.ts';
import type { LogDecoder } from './kernel-message.ts';
import { createTextLog } from './text-log.ts';

export interface LogStart {
  /** How the log begins, where what is decoded begins later. */
  readonly head?: Buffer;
  /** What is decoded begins within a line, the rest of which is not wanted. */
  readonly startsInLine?: boolean;
}

/** Enough for the name of any field of the journal. */
export const headBytes = 256;
const journalField = /^[A-Z_][A-Z0-9_]{0,63}(?:=|\n)/;

/** Decodes a log as what its beginning looks like: the export format of the journal, or else lines of text. */
export function createLogDecoder({ head, startsInLine = false }: LogStart = {}): LogDecoder {
  let begun: Buffer = Buffer.alloc(0);
  let decoder = head === undefined || isUndecided(head) ? undefined : decoderFor(head, startsInLine);

  function decide(): LogDecoder {
    decoder = decoderFor(begun, startsInLine);
    return decoder;
  }

  return {
    push: (bytes) => {
      if (decoder !== undefined) return decoder.push(bytes);
      begun = Buffer.concat([begun, bytes]);
      return isUndecided(begun) ? [] : decide().push(begun);
    },
    end: () => {
      if (decoder !== undefined) return decoder.end();
      const made = decide();
      return [...made.push(begun), ...made.end()];
    },
  };
}

function isUndecided(head: Buffer): boolean {
  return head.length < headBytes && !textOf(head).includes('\n');
}

function decoderFor(head: Buffer, startsInLine: boolean): LogDecoder {
  return journalField.test(textOf(head)) ? createJournalLog() : createTextLog({ startsInLine });
}

function textOf(head: Buffer): string {
  return head.toString('latin1', 0, headBytes).replace(/^\n+/, '');
}
