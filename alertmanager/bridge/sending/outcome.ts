/** How a notification ended, for Alertmanager. */
export type Outcome =
  | { readonly kind: 'told' }
  /** The same was told before, or is told for somebody else at this moment. */
  | { readonly kind: 'deduplicated' }
  /** The settings of the robot leave out all of it. */
  | { readonly kind: 'filtered' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** Alertmanager is to send it again. */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterSeconds: number }
  /** Alertmanager does not wait for it any longer. */
  | { readonly kind: 'abandoned' };

export const outcomeKinds = [
  'told',
  'deduplicated',
  'filtered',
  'refused',
  'unavailable',
  'abandoned',
] as const satisfies readonly Outcome['kind'][];
