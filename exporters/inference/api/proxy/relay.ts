import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerReader } from '../../dialects/answer-reader.ts';
import { type Ending, success } from '../../metering/request-end.ts';

export interface RelayTimeouts {
  /** Between two pieces of an answer. */
  readonly idleSeconds: number;
  /** How long a client may take in nothing while there is something for it. */
  readonly stallSeconds: number;
}

interface RelayParts {
  readonly answer: IncomingMessage;
  readonly response: ServerResponse;
  /** Looks at the bytes while they pass, and may hold some back. */
  readonly reader: AnswerReader;
  readonly timeouts: RelayTimeouts;
  readonly onSent: (bytes: number) => void;
}

/**
 * Passes the body of an answer on as it comes, no faster than the client takes it. Resolves when all of it is handed over or one of the sides
 * has given up; then neither side is used any more.
 */
export function relay({ answer, response, reader, timeouts, onSent }: RelayParts): Promise<Ending> {
  return new Promise((resolve) => {
    let isOver = false;
    const idle = setTimeout(() => finish({ status: 'timeout', reason: 'idle' }), timeouts.idleSeconds * 1000);
    let stall: NodeJS.Timeout | undefined;

    function finish(ending: Ending): void {
      if (isOver) return;
      isOver = true;
      clearTimeout(idle);
      clearTimeout(stall);
      if (ending.status !== 'success') {
        answer.destroy();
        // The end of the body never comes, by which the client knows that the answer is not whole.
        response.destroy();
      }
      resolve(ending);
    }

    function pass(bytes: Buffer): void {
      if (bytes.length === 0) return;
      onSent(bytes.length);
      if (response.write(bytes) || stall !== undefined) return;
      answer.pause();
      stall = setTimeout(() => finish({ status: 'error', reason: 'client_stalled' }), timeouts.stallSeconds * 1000);
    }

    response.on('drain', () => {
      clearTimeout(stall);
      stall = undefined;
      idle.refresh();
      answer.resume();
    });
    answer.on('data', (piece: Buffer) => {
      if (isOver) return;
      idle.refresh();
      pass(reader.push(piece));
    });
    answer.once('end', () => {
      if (isOver) return;
      const rest = reader.end();
      if (rest.length > 0) onSent(rest.length);
      // The time is up when the last byte is handed over; a client that takes its time with it is still waited for, as long as it moves.
      clearTimeout(idle);
      stall ??= setTimeout(() => finish({ status: 'error', reason: 'client_stalled' }), timeouts.stallSeconds * 1000);
      response.end(rest, () => finish(success));
    });
    answer.once('error', () => finish({ status: 'error', reason: 'stream_error' }));
    answer.once('aborted', () => finish({ status: 'error', reason: 'stream_error' }));
    response.once('error', () => finish({ status: 'cancelled', reason: '' }));
    response.once('close', () => finish(response.writableFinished ? success : { status: 'cancelled', reason: '' }));
  });
}
