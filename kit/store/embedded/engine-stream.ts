import { Duplex } from 'node:stream';
import { reasonOf } from '../../errors.ts';
import type { DatabaseThread } from './start-thread.ts';

/** Messages after which the server answers: Query, Sync, Flush, CopyDone and CopyFail. */
const asks = new Set([...'QSHcf'].map((letter) => letter.charCodeAt(0)));
const terminate = 'X'.charCodeAt(0);
const query = 'Q'.charCodeAt(0);
/** As far as a statement is looked into. */
const copyTextBytes = 65_536;

/** AuthenticationOk, the settings that the driver looks at, and ReadyForQuery, as a server sends them that asks for no password. */
const welcome = Buffer.concat([
  message('R', Buffer.from([0, 0, 0, 0])),
  message('S', Buffer.from('client_encoding\0UTF8\0')),
  message('Z', Buffer.from('I')),
]);

/** CopyInResponse: text, and nothing about the columns. */
const copyIn = message('G', Buffer.from([0, 0, 0]));

function isCopyIn(one: Buffer): boolean {
  return one[0] === query && /^copy [^;]* from stdin\b/i.test(one.toString('latin1', 5, 5 + copyTextBytes));
}

/**
 * Stands where the driver has its socket: what it writes goes to the thread of the embedded database in whole batches, and the answers
 * come back as data.
 */
export function createEngineStream(connect: () => Promise<DatabaseThread>): Duplex {
  let thread: DatabaseThread | undefined;
  let pending: Buffer = Buffer.alloc(0);
  let isStarted = false;
  let isCopying = false;

  async function send(): Promise<void> {
    const batch = takeBatch();
    if (batch === undefined || thread === undefined) return;
    await thread.exec(batch, (bytes) => void stream.push(bytes));
    await send();
  }

  function endOfBatch(): number {
    let end = 0;
    for (const { message: one, next } of messagesIn(pending)) {
      if (one[0] === terminate) return end;
      if (isCopyIn(one)) askForData();
      else if (asks.has(one[0] ?? 0)) end = next;
    }
    return end;
  }

  /** Everything up to the last message that asks for an answer, and what that takes with it. */
  function takeBatch(): Uint8Array | undefined {
    const end = endOfBatch();
    if (end === 0) return undefined;
    isCopying = false;
    // A copy of its own, because the memory of it moves to the thread.
    const batch = new Uint8Array(pending.subarray(0, end));
    pending = pending.subarray(end);
    return batch;
  }

  /**
   * The database inside cannot wait for data in the middle of a statement: it has to find them behind it. So we say in its place that
   * they may come, once, and hand over the statement together with them.
   */
  function askForData(): void {
    if (isCopying) return;
    isCopying = true;
    stream.push(copyIn);
  }

  /** The first message has no letter in front; what it asks for, a server gives at once. */
  function takeStartup(): void {
    if (pending.length < 4 || pending.length < pending.readUInt32BE(0)) return;
    pending = pending.subarray(pending.readUInt32BE(0));
    isStarted = true;
    stream.push(welcome);
  }

  function take(chunk: Buffer, callback: (error?: Error | null) => void): void {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    if (!isStarted) takeStartup();
    send().then(() => callback(), callback);
  }

  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, callback) => take(chunk, callback),
    writev: (chunks, callback) => take(Buffer.concat(chunks.map(({ chunk }) => chunk)), callback),
    final: (callback) => {
      stream.push(null);
      callback();
    },
  });

  async function open(): Promise<void> {
    try {
      thread = await connect();
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error(reasonOf(error)));
      return;
    }
    thread.onEnd((reason) => stream.destroy(new Error(`the embedded database ended: ${reason ?? 'it was closed'}`)));
    stream.emit('connect');
  }

  // What the driver calls on a socket beside that.
  return Object.assign(stream, {
    connect: () => void open(),
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  });
}

/** The whole messages at the start of the bytes, each with the place behind it. */
function* messagesIn(bytes: Buffer): Generator<{ readonly message: Buffer; readonly next: number }> {
  for (let at = 0; at + 5 <= bytes.length; ) {
    const next = at + 1 + bytes.readUInt32BE(at + 1);
    if (next > bytes.length) return;
    yield { message: bytes.subarray(at, next), next };
    at = next;
  }
}

function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
