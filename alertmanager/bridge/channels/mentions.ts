import type { Mention, Message } from '../message.ts';

/** More people than this are a crowd, and their names would take the place of the alerts. */
const mostPeople = 20;

export interface Mentioned {
  readonly mobiles: readonly string[];
  readonly userIds: readonly string[];
  readonly names: readonly string[];
  readonly everybody: boolean;
}

/** Who is called, without doubles and without what is no number or id and could be markup. */
export function mentionedBy({ mentions }: Message): Mentioned {
  return {
    mobiles: each(mentions, ({ mobile }) => mobile, /^\+?[\d-]{5,20}$/),
    userIds: each(mentions, ({ userId }) => userId, /^[\w.@-]{1,64}$/),
    names: each(mentions, ({ name }) => name, /^[^\p{C}]{1,64}$/u),
    everybody: mentions.some(({ everybody }) => everybody === true),
  };
}

function each(
  mentions: readonly Mention[],
  read: (mention: Mention) => string | undefined,
  allowed: RegExp,
): readonly string[] {
  const found = mentions.map(read).filter((value) => value !== undefined && allowed.test(value));
  return [...new Set(found as readonly string[])].slice(0, mostPeople);
}
