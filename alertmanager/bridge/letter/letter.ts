/** A piece of a line. The text is plain and clean; whoever puts it into a markup escapes it. */
export interface Span {
  readonly text: string;
  readonly strong?: true;
  /** Only http and https, safe within every markup. */
  readonly url?: string;
}

export type Line = readonly Span[];

export interface Link {
  readonly label: string;
  readonly url: string;
}

/** A message laid out for reading and not yet in any markup. */
export interface Letter {
  /** `[FIRING:3]`: only our own words and a number, safe in every markup. */
  readonly tag: string;
  /** What it is about, plain and clean. */
  readonly subject: string;
  /** Parts that belong together, with space between them. */
  readonly sections: readonly (readonly Line[])[];
  /** What holds for the whole message; a robot with buttons makes buttons of them. */
  readonly links: readonly Link[];
}

/** How much of a message a letter tells. What it leaves out it counts. */
export interface Detail {
  /** Alerts that are named. */
  readonly named: number;
  /** The first of them are told with description, context and links. */
  readonly described: number;
  /** Names of alerts in the table of a digest. */
  readonly names: number;
  /** Links for the whole message. */
  readonly links: number;
  /** Bytes of UTF-8. */
  readonly summaryBytes: number;
  readonly descriptionBytes: number;
}
