import type { Obstacle } from './obstacles.ts';

export type BillErrorKind =
  | 'unknown_tenant'
  | 'obstacles'
  | 'not_closed'
  | 'closed'
  | 'rules_changed'
  | 'overlap'
  | 'busy';

/** What was asked for cannot be done now; the message says what to do instead. Nothing was changed. */
export class BillError extends Error {
  override readonly name = 'BillError';
  readonly kind: BillErrorKind;
  readonly obstacles: readonly Obstacle[];

  constructor(kind: BillErrorKind, message: string, obstacles: readonly Obstacle[] = []) {
    super(message);
    this.kind = kind;
    this.obstacles = obstacles;
  }
}

export function refused(what: string, obstacles: readonly Obstacle[]): BillError {
  const reasons = obstacles.map(({ message }) => message).join('; ');
  return new BillError('obstacles', `${what} cannot be closed: ${reasons}`, obstacles);
}
