/** One alert as a robot tells it. All texts are plain: whoever puts them into a markup escapes them. */
export interface AlertView {
  readonly status: 'firing' | 'resolved';
  /** Alertmanager's own name for the set of labels. */
  readonly fingerprint: string;
  readonly name: string;
  readonly severity: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  /** Who and where, from the rule's annotation or from the inventory. */
  readonly context?: string;
  /** Unix time in milliseconds. */
  readonly startsAtMs: number;
  /** When it was over; undefined while it fires. */
  readonly endsAtMs?: number;
  readonly runbookUrl?: string;
  readonly dashboardUrl?: string;
  /** An image, where the site has a renderer. */
  readonly chartUrl?: string;
}

/** Alerts of one name, counted. */
export interface AlertCount {
  readonly name: string;
  readonly severity: string;
  readonly firing: number;
  readonly resolved: number;
}

/** Somebody to be called by name. A kind of robot uses the names that its maker knows people by. */
export interface Mention {
  readonly mobile?: string;
  readonly userId?: string;
  readonly name?: string;
  readonly everybody?: true;
}

export type Language = 'en' | 'zh';

/** What a robot tells at once: a group of Alertmanager, or many groups in a digest. */
export interface Message {
  readonly kind: 'group' | 'digest';
  readonly language: Language;
  /** Firing if anything in it fires. */
  readonly status: 'firing' | 'resolved';
  /** The highest severity in it. */
  readonly severity: string;
  /** Groups of Alertmanager in it. */
  readonly groups: number;
  /** Every alert in it, those too that are not in `alerts`. */
  readonly firing: number;
  readonly resolved: number;
  /** The same by name, most severe first; they add up to `firing` and `resolved`. */
  readonly counts: readonly AlertCount[];
  /** Labels that all alerts share. */
  readonly common: Readonly<Record<string, string>>;
  /** Firing ones first, most severe first. A robot shows as many as fit and says how many there are beside them. */
  readonly alerts: readonly AlertView[];
  /** Where Alertmanager lists them. */
  readonly alertmanagerUrl?: string;
  /** A page on which a person says that they know and for how long to be quiet. */
  readonly acknowledgeUrl?: string;
  readonly mentions: readonly Mention[];
}
