/** A silence as Alertmanager's API v2 has it. */
export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface SilenceWish {
  readonly matchers: readonly SilenceMatcher[];
  /** Unix seconds. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly createdBy: string;
  readonly comment: string;
}

/** One that Alertmanager has. */
export interface Silence extends SilenceWish {
  readonly id: string;
  readonly state: 'active' | 'pending' | 'expired';
}

/** Which window, and which part of it where its nodes are too many for one silence. The comment holds it, so that it is known again after a restart. */
export interface SilenceKey {
  readonly window: number;
  readonly label: string;
  readonly part: number;
}

const form = /^\[window (\d{1,10}) (\w{1,20}) (\d{1,5})\]/;

export function commentOf({ window, label, part }: SilenceKey, title: string): string {
  return `[window ${window} ${label} ${part}] ${title}`;
}

export function keyOfComment(comment: string): SilenceKey | undefined {
  const [, window, label, part] = form.exec(comment) ?? [];
  if (window === undefined || label === undefined || part === undefined) return undefined;
  return { window: Number(window), label, part: Number(part) };
}
