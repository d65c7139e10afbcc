import { type PushBody, type PushRecord, pushLimits } from '../decoders/push/protocol.ts';

/** Records of one message, each as JSON. */
export interface Batch {
  readonly records: readonly string[];
  readonly body: string;
}

/** Holds what is still to be sent, in bounded memory: where there is no room, the oldest is left out and counted. */
export interface PushQueue {
  readonly add: (record: PushRecord) => void;
  /** Takes as much as fits into one message; undefined if there is nothing. */
  readonly take: () => Batch | undefined;
  /** Puts back what could not be sent, before all that came since. */
  readonly putBack: (records: readonly string[]) => void;
  /** Counts what was taken and is not put back. */
  readonly leaveOut: (count: number) => void;
  readonly dropped: () => number;
}

export const queueLimits = { records: 20_000, characters: 8 * 1024 * 1024 } as const;

/** Half of it, since a character may take more than a byte, and the head of the message has to fit too. */
const batchCharacters = pushLimits.bodyBytes / 2;

/** `head` gives the rest of the message, as it is when it is sent. */
export function createPushQueue({ head }: { readonly head: () => Omit<PushBody, 'records'> }): PushQueue {
  let queue: string[] = [];
  let characters = 0;
  let dropped = 0;

  function makeRoom(): void {
    let taken = 0;
    while (queue.length - taken > queueLimits.records || characters > queueLimits.characters) {
      characters -= queue[taken]?.length ?? 0;
      taken++;
    }
    queue.splice(0, taken);
    dropped += taken;
  }

  return {
    add: (record) => {
      const json = jsonOf(record);
      if (json === undefined || json.length > batchCharacters) {
        dropped++;
        return;
      }
      queue.push(json);
      characters += json.length;
      makeRoom();
    },
    take: () => {
      if (queue.length === 0) return undefined;
      let [count, length] = [0, 0];
      for (const json of queue) {
        length += json.length + 1;
        if (count >= pushLimits.records || length > batchCharacters) break;
        count++;
      }
      const records = queue.splice(0, Math.max(1, count));
      characters -= lengthOf(records);
      return { records, body: bodyOf(head(), records) };
    },
    putBack: (records) => {
      queue = [...records, ...queue];
      characters += lengthOf(records);
      makeRoom();
    },
    leaveOut: (count) => {
      dropped += count;
    },
    dropped: () => dropped,
  };
}

function bodyOf(head: Omit<PushBody, 'records'>, records: readonly string[]): string {
  return `${JSON.stringify(head).slice(0, -1)},"records":[${records.join(',')}]}`;
}

function lengthOf(records: readonly string[]): number {
  return records.reduce((sum, { length }) => sum + length, 0);
}

/** Undefined for what cannot be written, such as a value that holds itself: whoever trains must not be disturbed by it. */
function jsonOf(record: PushRecord): string | undefined {
  try {
    return JSON.stringify(record, finiteOrWord);
  } catch {
    return undefined;
  }
}

/** JSON.stringify would turn them into null, which says that there is no value. */
function finiteOrWord(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
