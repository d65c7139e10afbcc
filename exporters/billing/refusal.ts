/** missing: there is no such thing. conflict: what is there forbids it. invalid: what was asked for makes no sense. busy: not now, later. */
export type RefusalKind = 'missing' | 'conflict' | 'invalid' | 'busy';

/** What was asked for is not done; the message says why, and what to do instead. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
