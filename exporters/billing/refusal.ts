/**
 * missing: there is no such thing. conflict: what is there forbids it, and the problems say what would change that. invalid: what was asked for makes
 * no sense. busy: not now, later.
 */
export type RefusalKind = 'missing' | 'conflict' | 'invalid' | 'busy';

/** Something that was asked for is not done, for a reason that whoever asked can do something about. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: RefusalKind;
  /** Each by itself, where there are several. */
  readonly problems: readonly string[];

  constructor(kind: RefusalKind, message: string, problems: readonly string[] = []) {
    super(message);
    this.kind = kind;
    this.problems = problems;
  }
}
