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
