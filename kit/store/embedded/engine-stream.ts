import { Duplex } from 'node:stream';
import { reasonOf } from '../../errors.ts';
import type { DatabaseThread } from './start-thread.ts';

/** Messages after which the server answers: Query, Sync, Flush, CopyDone and CopyFail. */
const asks = new Set([...'QSHcf'].map((letter) => letter.charCodeAt(0)));
const terminate = 'X'.charCodeAt(0);

/** AuthenticationOk, the settings that the driver looks at, and ReadyForQuery, as a server sends them that asks for no password. */
const welcome = Buffer.concat([
  message('R', Buffer.from([0, 0, 0, 0])),
  message('S', Buffer.from('client_encoding\0UTF8\0')),
  message('Z', Buffer.from('I')),
]);

/**
 * Stands where the driver has its socket: what it writes goes to the thread of the embedded database in whole batches, and the answers
 * come back as data.
 */
export function createEngineStream(connect: () => Promise<DatabaseThread>): Duplex {
  let thread: DatabaseThread | undefined;
  let pending: Buffer = Buffer.alloc(0);
  let isStarted = false;

  async function send(): Promise<void> {
    const batch = takeBatch();
    if (batch === undefined || thread === undefined) return;
    await thread.exec(batch, (bytes) => void stream.push(bytes));
    await send();
  }

  /** Everything up to the last message that asks for an answer. */
  function takeBatch(): Uint8Array | undefined {
    let end = 0;
    for (let at = 0; at + 5 <= pending.length; ) {
      const next = at + 1 + pending.readUInt32BE(at + 1);
      if (next > pending.length || pending[at] === terminate) break;
      if (asks.has(pending[at] ?? 0)) end = next;
      at = next;
    }
    if (end === 0) return undefined;
    // A copy of its own, because the memory of it moves to the thread.
    const batch = new Uint8Array(pending.subarray(0, end));
    pending = pending.subarray(end);
    return batch;
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

function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
