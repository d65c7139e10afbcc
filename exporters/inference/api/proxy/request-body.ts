import type { IncomingMessage } from 'node:http';

/** Memory for the bodies of all requests together. */
export interface BodyMemory {
  /** False if there is not so much left. */
  readonly take: (bytes: number) => boolean;
  readonly give: (bytes: number) => void;
}

export function createBodyMemory(maxBytes: number): BodyMemory {
  let used = 0;
  return {
    take: (bytes) => {
      if (used + bytes > maxBytes) return false;
      used += bytes;
      return true;
    },
    give: (bytes) => {
      used -= bytes;
    },
  };
}

export type ReadBody =
  | { readonly body: Buffer; readonly release: () => void }
  | { readonly failure: 'too_large' | 'overload' | 'gone' };

/** Reads a body whole, since it must be known before the choice of an upstream and may have to be sent again. */
export function readBody(request: IncomingMessage, maxBytes: number, memory: BodyMemory): Promise<ReadBody> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) return Promise.resolve({ failure: 'too_large' });
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;

    function release(): void {
      memory.give(size);
      size = 0;
    }

    function settle(outcome: ReadBody): void {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone);
      // Without a listener an error of a client that goes away would end the process.
      request.on('error', () => undefined);
      resolve(outcome);
    }

    function fail(failure: 'too_large' | 'overload' | 'gone'): void {
      release();
      settle({ failure });
    }

    function onData(piece: Buffer): void {
      if (size + piece.length > maxBytes) fail('too_large');
      else if (!memory.take(piece.length)) fail('overload');
      else {
        size += piece.length;
        pieces.push(piece);
      }
    }

    const onEnd = (): void =>
      settle({ body: pieces.length === 1 ? (pieces[0] ?? empty) : Buffer.concat(pieces), release });
    const onGone = (): void => fail('gone');
    request.on('data', onData).once('end', onEnd).once('error', onGone).once('close', onGone);
  });
}

const empty = Buffer.alloc(0);
