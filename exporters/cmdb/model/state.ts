/** Life cycle of an item, in its usual order. */
export const lifecycleStates = {
  planned: 'Ordered or reserved, not there yet.',
  in_service: 'There and meant to work.',
  maintenance: 'There, and somebody works on it.',
  failed: 'There and broken.',
  rma: 'On its way to the maker or back.',
  retired: 'Out of use for good; kept for its history.',
} as const satisfies Readonly<Record<string, string>>;

export type LifecycleState = keyof typeof lifecycleStates;

export function isLifecycleState(name: string): name is LifecycleState {
  return Object.hasOwn(lifecycleStates, name);
}
