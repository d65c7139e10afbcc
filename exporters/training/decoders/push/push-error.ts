import { preview } from '../../../../kit/options/preview.ts';

/** The sender can fix it: says where in the message, what is allowed there, and what was there. */
export class PushError extends Error {
  override readonly name = 'PushError';

  /** The text may quote what was sent, and goes to a terminal. */
  constructor(message: string) {
    super(message.replaceAll(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`));
  }
}

export function mustBe(path: string, allowed: string, got: unknown): PushError {
  return new PushError(`${path} must be ${allowed}, got ${preview(got)}`);
}
