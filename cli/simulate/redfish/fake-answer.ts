import type { IncomingMessage } from 'node:http';
import type { JsonResource } from './fake-machine.ts';

export interface FakeRequest {
  readonly method: string;
  /** Below the prefix, without a slash at its end. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly prefix: string;
  readonly host: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: JsonResource | undefined;
  /** Instead of the body. */
  readonly text?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export function failure(status: number, message: string): FakeAnswer {
  const extended = { MessageId: 'Base.1.12.GeneralError', Message: message };
  return { status, body: { error: { code: 'Base.1.12.GeneralError', message, '@Message.ExtendedInfo': [extended] } } };
}
