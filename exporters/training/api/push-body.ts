import type { IncomingMessage } from 'node:http';
import { pushLimits } from '../decoders/push/protocol.ts';

export interface PushText {
  readonly text: string;
  readonly bytes: number;
}

export interface RefusedBody {
  readonly status: 400 | 413 | 415;
  readonly reason: string;
}

/** What is too long is still taken in and thrown away up to here, so that its sender gets to read why. */
const patienceBytes = 16 * pushLimits.bodyBytes;

/** Reads the body of a push, never more than is allowed. How long it may take is up to the server. */
export function readPushBody(request: IncomingMessage): Promise<PushText | RefusedBody> {
  const refusal = refuseHeaders(request);
  if (refusal !== undefined) {
    request.resume();
    return Promise.resolve(refusal);
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const tooLong = (): void =>
      resolve({ status: 413, reason: `the body must have at most ${pushLimits.bodyBytes} bytes` });
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= pushLimits.bodyBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > patienceBytes) tooLong();
    });
    request.once('end', () => (bytes > pushLimits.bodyBytes ? tooLong() : resolve(decoded(Buffer.concat(chunks)))));
    // The sender is gone, so nobody reads the answer.
    request.once('error', () => resolve({ status: 400, reason: 'the body did not come in whole' }));
    request.once('close', () => resolve({ status: 400, reason: 'the body did not come in whole' }));
  });
}

function refuseHeaders({ headers }: IncomingMessage): RefusedBody | undefined {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json\s*(?:;|$)/i.test(type))
    return { status: 415, reason: 'the content type must be application/json' };
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!/^identity$/i.test(encoding)) return { status: 415, reason: 'the body must not be compressed' };
  return undefined;
}

function decoded(bytes: Buffer): PushText | RefusedBody {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), bytes: bytes.length };
  } catch {
    return { status: 400, reason: 'the body must be text in UTF-8' };
  }
}
