import { type Agent, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { SourceError } from '../../../../kit/errors.ts';

export interface BoundedAnswer {
  readonly status: number;
  readonly text: string;
}

interface Bounds {
  readonly timeoutSeconds: number;
  readonly maxBytes: number;
}

/** GET with an end to its time and its size. Rejects with SourceError. */
export function fetchBounded(
  url: URL,
  { agent, headers }: { readonly agent: Agent; readonly headers: Readonly<Record<string, string>> },
  { timeoutSeconds, maxBytes }: Bounds,
): Promise<BoundedAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const fail = (reason: string): void => {
      clearTimeout(timer);
      outgoing.destroy();
      reject(new SourceError(reason));
    };
    const outgoing = send(url, { agent, headers }, (answer) => {
      const pieces: Buffer[] = [];
      let size = 0;
      answer.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > maxBytes) fail(`the answer is longer than ${maxBytes} bytes`);
        else pieces.push(piece);
      });
      answer.once('end', () => {
        clearTimeout(timer);
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') });
      });
      answer.once('error', (error) => fail(error.message));
    });
    const timer = setTimeout(() => fail(`no answer within ${timeoutSeconds} s`), timeoutSeconds * 1000);
    outgoing.on('error', (error) => fail(error.message));
    outgoing.end();
  });
}
