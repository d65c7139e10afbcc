import type { ServerResponse } from 'node:http';
import type { Trouble } from './faults.ts';
import { fieldAt } from './kubernetes-object.ts';
import { badRequest, busy, expiredContinue, internalError, StatusError } from './status-error.ts';

interface Sent {
  readonly code: number;
  readonly body: unknown;
}

/** Returns how many bytes the whole answer has. */
export function sendAnswer(response: ServerResponse, { code, body }: Sent, trouble?: Trouble): number {
  const text = trouble?.kind === 'garbage' ? '<html>502 Bad Gateway</html>' : JSON.stringify(body);
  const bytes = Buffer.from(text);
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': bytes.length });
  if (trouble?.kind === 'reset' || trouble?.kind === 'hang') {
    const half = bytes.subarray(0, bytes.length / 2);
    response.write(half, () => (trouble.kind === 'reset' ? response.destroy() : undefined));
  } else {
    response.end(bytes);
  }
  return bytes.length;
}

export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, body } = error instanceof StatusError ? error : badRequest(`the fake cannot do that: ${String(error)}`);
  const retryAfter = fieldAt(body, 'details.retryAfterSeconds');
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  sendAnswer(response, { code, body });
}

/** Throws what the server refuses a call with. */
export function refuse(trouble: Trouble | undefined): void {
  if (trouble?.kind === 'busy') throw busy(trouble.retryAfterSeconds);
  if (trouble?.kind === 'internal-error') throw internalError();
  if (trouble?.kind === 'expired') throw expiredContinue();
}
