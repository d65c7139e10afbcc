import { preview } from '../../../../kit/options/preview.ts';

/** The sender can fix it: says where in the message, what is allowed there, and what was there. */
export class PushError extends Error {
  override readonly name = 'PushError';
}

export function mustBe(path: string, allowed: string, got: unknown): PushError {
  return new PushError(`${path} must be ${allowed}, got ${preview(got)}`);
}
