/** What somebody has to look at. */
export const findingKinds = {
  unknown: 'A source sees or names something that is not in the inventory and that it may not add.',
  conflict: 'Identities point at different items, or sources disagree about what must agree.',
  invalid: 'A source says something that cannot be taken over.',
  missing: 'An item in service that none of its sources sees any more.',
} as const satisfies Readonly<Record<string, string>>;
export type FindingKind = keyof typeof findingKinds;

export interface Finding {
  readonly kind: FindingKind;
  /** What it is about, in the words of the source; the same subject is the same finding. */
  readonly subject: string;
  /** One sentence: what is wrong, and where. */
  readonly reason: string;
  /** The item in question, where there is one. */
  readonly itemId?: number | undefined;
}
