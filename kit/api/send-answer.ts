import { once } from 'node:events';
import type { Request, Response } from 'express';
import { patientPieces } from './patiently.ts';
import type { Answer } from './route.ts';

/** Characters that are handed to the socket at a time. */
const pieceCharacters = 64 * 1024;

/** Sends the answer of a handler. Resolves when all of it is handed over, or nobody reads it any more. */
export async function sendAnswer(answer: Answer, request: Request, response: Response): Promise<void> {
  const { status = 200, headers = {}, etag } = answer;
  response.set(headers);
  // What is true now may not be in a minute; whoever keeps it has to ask whether it still is.
  response.set('Cache-Control', etag === undefined ? 'no-store' : 'no-cache');
  response.set('X-Content-Type-Options', 'nosniff');
  if (etag !== undefined) response.set('ETag', etag);
  if (etag !== undefined && isKnown(etag, request.get('if-none-match'))) {
    response.status(304).end();
    return;
  }
  response.status(status);
  if ('nothing' in answer) response.end();
  else if ('json' in answer) response.type('application/json').send(`${JSON.stringify(answer.json)}\n`);
  else if ('bytes' in answer) response.type(answer.type).send(Buffer.from(answer.bytes));
  else if ('text' in answer) response.type(answer.type).send(answer.text);
  else await sendPieces(answer.pieces, response.type(answer.type), request);
}

function isKnown(etag: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  const known = header.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(etag.replace(/^W\//, ''));
}

/** Waits whenever the reader is slower than we are, so that no more than a piece is in memory. */
async function sendPieces(
  pieces: AsyncIterable<string> | Iterable<string>,
  response: Response,
  { method, socket }: Request,
): Promise<void> {
  if (method === 'HEAD') {
    response.end();
    return;
  }
  let waiting = '';
  for await (const piece of Symbol.asyncIterator in pieces ? patientPieces(pieces, socket) : pieces) {
    waiting += piece;
    if (waiting.length < pieceCharacters) continue;
    if (!(await write(waiting, response))) return;
    waiting = '';
  }
  response.end(waiting);
}

/** False if nobody reads any more. */
async function write(text: string, response: Response): Promise<boolean> {
  if (response.destroyed) return false;
  if (response.write(text)) return true;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  response.once('close', onClose);
  try {
    await once(response, 'drain', { signal: gone.signal });
    return true;
  } catch {
    return false;
  } finally {
    response.off('close', onClose);
  }
}
