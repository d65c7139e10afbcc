import type { Silence, SilenceMatcher, SilenceWish } from '../../../kit/alertmanager/silence.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { MaintenanceWindow } from './maintenance-window.ts';
import { membersOf } from './members.ts';
import { commentOf, keyOfComment } from './silence.ts';
import { type SilenceTarget, silenceTargets } from './silence-targets.ts';

export interface SilencePlan {
  /** New ones, and with the id of the one that each replaces. */
  readonly post: readonly (SilenceWish & { readonly id?: string })[];
  readonly expire: readonly string[];
  readonly kept: number;
}

export interface SilenceRules {
  /** Marks ours; those of others are never touched. */
  readonly createdBy: string;
  /** Seconds before the start from which the silence is there. */
  readonly leadSeconds: number;
}

/** Characters of one regular expression, and nodes in it. */
const maxPattern = 4000;
const maxNodes = 200;
/** Alertmanager rounds, and its clock is not ours. */
const toleranceSeconds = 1;

/** What has to be done so that Alertmanager has the silences of these windows and no other of ours. */
export function planSilences(
  {
    inventory,
    windows,
    existing,
    now,
  }: {
    readonly inventory: Inventory;
    readonly windows: readonly MaintenanceWindow[];
    readonly existing: readonly Silence[];
    readonly now: number;
  },
  rules: SilenceRules,
): SilencePlan {
  const ours = existing.filter(
    ({ state, createdBy, comment }) =>
      state !== 'expired' && createdBy === rules.createdBy && keyOfComment(comment) !== undefined,
  );
  const due = windows.filter((window) => isDue(window, now, rules.leadSeconds));
  const wishes = due.flatMap((window) => wishesOf(inventory, window, rules.createdBy));
  const taken = new Set<string>();
  const post: (SilenceWish & { readonly id?: string })[] = [];
  for (const wish of wishes) {
    const key = prefixOf(wish.comment);
    const known = ours.find(({ id, comment }) => !taken.has(id) && prefixOf(comment) === key);
    if (known !== undefined) taken.add(known.id);
    if (known === undefined) post.push(wish);
    // An active silence that is given another start is ended and made anew, with a gap in between.
    else if (!isAsWished(known, wish, now))
      post.push({ ...wish, id: known.id, startsAt: known.state === 'active' ? known.startsAt : wish.startsAt });
  }
  const expire = ours.filter(({ id }) => !taken.has(id)).map(({ id }) => id);
  return { post, expire, kept: wishes.length - post.length };
}

function isDue({ startsAt, endsAt, cancelledAt }: MaintenanceWindow, now: number, leadSeconds: number): boolean {
  return cancelledAt === undefined && now >= startsAt - leadSeconds && now < endsAt;
}

function wishesOf(inventory: Inventory, window: MaintenanceWindow, createdBy: string): readonly SilenceWish[] {
  const { id, title, startsAt, endsAt } = window;
  return silenceTargets(inventory, membersOf(inventory, window.scope)).flatMap(({ label, patterns }) =>
    inParts(patterns).map((part, index) => ({
      matchers: [matcherOf(label, part)],
      startsAt,
      endsAt,
      createdBy,
      comment: commentOf({ window: id, label, part: index + 1 }, title),
    })),
  );
}

function inParts(patterns: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [];
  let characters = 0;
  for (const pattern of patterns) {
    const last = parts.at(-1);
    if (last !== undefined && last.length < maxNodes && characters + pattern.length < maxPattern) {
      last.push(pattern);
      characters += pattern.length + 1;
    } else {
      parts.push([pattern]);
      characters = pattern.length;
    }
  }
  return parts;
}

/** Always a regular expression, so that a node more or less only changes its text. */
function matcherOf(label: SilenceTarget['label'], patterns: readonly string[]): SilenceMatcher {
  return { name: label, value: patterns.join('|'), isRegex: true, isEqual: true };
}

function prefixOf(comment: string): string {
  const key = keyOfComment(comment);
  return key === undefined ? '' : `${key.window} ${key.label} ${key.part}`;
}

function isAsWished(known: Silence, wish: SilenceWish, now: number): boolean {
  const isStartRight =
    wish.startsAt <= now
      ? known.startsAt <= now + toleranceSeconds
      : Math.abs(known.startsAt - wish.startsAt) <= toleranceSeconds;
  return (
    isStartRight &&
    Math.abs(known.endsAt - wish.endsAt) <= toleranceSeconds &&
    known.comment === wish.comment &&
    JSON.stringify(known.matchers.map(ordered)) === JSON.stringify(wish.matchers.map(ordered))
  );
}

function ordered({ name, value, isRegex, isEqual }: SilenceMatcher): readonly unknown[] {
  return [name, value, isRegex, isEqual];
}
