/** What goes out as one message: a notification, a digest, or a part of a digest that was refused for its content. */
export interface Part<Member> {
  readonly members: readonly Member[];
  /** How often the digest and parts of it have been refused. */
  readonly refusals: { count: number };
}

/** One guilty group among thousands is found with a dozen; where each is guilty the search is given up. */
const mostRefusals = 32;

export function isDivisible({ members, refusals }: Part<unknown>): boolean {
  return members.length > 1 && refusals.count < mostRefusals;
}

/** Its halves, after it was refused. */
export function halvesOf<Member>({ members, refusals }: Part<Member>): readonly Part<Member>[] {
  refusals.count++;
  const half = Math.ceil(members.length / 2);
  return [members.slice(0, half), members.slice(half)].map((each) => ({ members: each, refusals }));
}

/** Whether it is one that was found to be to blame for the refusal of a digest. */
export function isToBlame({ members, refusals }: Part<unknown>): boolean {
  return members.length === 1 && refusals.count > 0;
}
