import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import type { KernelMessage, LogDecoder } from './kernel-message.ts';
import { createLogDecoder, headBytes } from './log-decoder.ts';
import type { LogPiece, LogReader } from './log-reader.ts';

export const pieceBytes = 256 * 1024;
const newline = 0x0a;

interface OpenLog {
  readonly handle: FileHandle;
  readonly identity: string;
  readonly isPipe: boolean;
  /** Where reading goes on; of no meaning for a pipe. */
  position: number;
  decoder: LogDecoder;
  /** Another file has its name, or none; its writer gets one more poll to finish. */
  isReplaced: boolean;
}

/**
 * Follows a growing file or a named pipe by its name, through rotation by renaming and by truncation. A file that is there at the first
 * look is read from its end, one that appears later from its beginning.
 */
export function createFileReader({ path }: { readonly path: string }): LogReader {
  const buffer = Buffer.alloc(pieceBytes);
  let log: OpenLog | undefined;
  let startsAtEnd = true;

  async function opened(): Promise<OpenLog> {
    try {
      const next = await openLog(path, startsAtEnd);
      startsAtEnd = false;
      return next;
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') startsAtEnd = false;
      if (error instanceof SourceError) throw error;
      throw new SourceError(`${reasonOf(error)} (the file must exist and the exporter must have the right to read it)`);
    }
  }

  async function close(): Promise<void> {
    const closing = log;
    log = undefined;
    await closing?.handle.close();
  }

  async function closeReplaced(messages: readonly KernelMessage[]): Promise<LogPiece> {
    await close();
    return piece(messages, { isBehind: true });
  }

  async function atEndOfFile(current: OpenLog): Promise<LogPiece> {
    const named = await statOrNothing(path);
    if (named === undefined || identityOf(named) !== current.identity) {
      if (current.isReplaced) return closeReplaced(current.decoder.end());
      current.isReplaced = true;
      return piece([]);
    }
    current.isReplaced = false;
    if (Number(named.size) >= current.position) return piece([]);
    current.position = 0;
    current.decoder = createLogDecoder();
    return piece([], { isBehind: true });
  }

  /** The last writer closed the pipe, or there was none yet. */
  async function atEndOfPipe(current: OpenLog): Promise<LogPiece> {
    const messages = current.decoder.end();
    current.decoder = createLogDecoder();
    const named = await statOrNothing(path);
    if (named === undefined || identityOf(named) !== current.identity) return closeReplaced(messages);
    return piece(messages, { isSilent: true });
  }

  async function poll(): Promise<LogPiece> {
    log ??= await opened();
    const current = log;
    const size = await readOn(current, buffer);
    if (size === 'nothing yet') return piece([]);
    if (size === 0) return current.isPipe ? atEndOfPipe(current) : atEndOfFile(current);
    current.position += size;
    return piece(current.decoder.push(buffer.subarray(0, size)), { isBehind: true });
  }

  return {
    poll: async () => {
      try {
        return await poll();
      } catch (error) {
        // What was read before must not count again.
        if (log !== undefined) startsAtEnd = true;
        await close();
        throw error instanceof SourceError ? error : new SourceError(reasonOf(error));
      }
    },
    close,
  };
}

function piece(
  messages: readonly KernelMessage[],
  { isBehind = false, isSilent = false }: { readonly isBehind?: boolean; readonly isSilent?: boolean } = {},
): LogPiece {
  return { messages, isBacklog: false, isBehind, isSilent, missed: 0 };
}

async function openLog(path: string, atEnd: boolean): Promise<OpenLog> {
  // Without O_NONBLOCK a pipe would not open before somebody writes to it.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat({ bigint: true });
    if (!stats.isFile() && !stats.isFIFO()) throw new SourceError(`${path} is neither a file nor a named pipe`);
    const base = { handle, identity: identityOf(stats), isPipe: stats.isFIFO(), isReplaced: false };
    if (base.isPipe || !atEnd || stats.size === 0n) return { ...base, position: 0, decoder: createLogDecoder() };
    const position = Number(stats.size);
    return { ...base, position, decoder: await decoderAt(handle, position) };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The decoder for what comes after the present end of a file, which may end in the middle of a line. */
async function decoderAt(handle: FileHandle, position: number): Promise<LogDecoder> {
  const head = Buffer.alloc(Math.min(headBytes, position));
  await handle.read(head, 0, head.length, 0);
  const last = Buffer.alloc(1);
  await handle.read(last, 0, 1, position - 1);
  return createLogDecoder({ head, startsInLine: last[0] !== newline });
}

async function readOn({ handle, isPipe, position }: OpenLog, buffer: Buffer): Promise<number | 'nothing yet'> {
  try {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, isPipe ? null : position);
    return bytesRead;
  } catch (error) {
    if (errnoOf(error) === 'EAGAIN') return 'nothing yet';
    throw error;
  }
}

async function statOrNothing(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}
