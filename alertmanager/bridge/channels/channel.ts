import type { Message } from '../message.ts';

/** What a maker documents that a robot takes. */
export interface ChannelLimits {
  /** Bytes of the body of one request. */
  readonly bodyBytes: number;
  /** Messages that are taken within `seconds`; more are refused, by some for minutes. */
  readonly messages: number;
  readonly seconds: number;
}

export interface ChannelRequest {
  readonly url: URL;
  readonly method: 'POST' | 'GET';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface ChannelAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** At most 64 KiB of it. */
  readonly body: string;
}

/** What an answer means. Some makers answer 200 with an error in the body. */
export type Verdict =
  | { readonly outcome: 'delivered' }
  /** Too many messages: not to be asked again for so long. */
  | { readonly outcome: 'limited'; readonly retryAfterSeconds: number; readonly reason: string }
  /** It will never take this: wrong key, wrong content. With `forContent` it may take a message about other alerts. */
  | { readonly outcome: 'refused'; readonly reason: string; readonly forContent?: true }
  /** The signature was too old or too new: our clock and theirs differ. */
  | { readonly outcome: 'skewed'; readonly serverTimeMs: number | undefined; readonly reason: string }
  /** It may take it later: the server is broken, or answers what its maker does not document. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** What rendering needs beside the message; secrets are read from their files anew for each message. */
export interface RenderContext {
  /** Content of a secret file without the newline at its end. Throws SourceError that names the file, never its content. */
  readonly secret: (path: string) => string;
  /** The time to sign with, in Unix milliseconds: our own, put right by what the server said. */
  readonly nowMs: number;
  /** A number that is used once, for APIs that ask for it. */
  readonly nonce: string;
}

/** One kind of robot. Everything in it is pure: it says what to send and what an answer means, and sends nothing. */
export interface ChannelKind<Settings> {
  /** The key that a site names it by. */
  readonly name: string;
  readonly limits: ChannelLimits;
  /** Where the limits depend on the settings: these count in place of `limits`. */
  readonly limitsOf?: (settings: Settings) => ChannelLimits;
  /** Throws ConfigError with the path of the key, the value and what is allowed. A secret written inline is refused. */
  readonly parse: (value: unknown, path: string) => Settings;
  /**
   * Where each request of a message goes to another person: who they are, in the order of the requests. All of them are sent then, whatever becomes of the
   * others, and the limit of messages is that of each person. Without it the requests are parts of one message, and a part that fails ends it.
   */
  readonly recipients?: (settings: Settings) => readonly string[];
  /** Files with secrets that the settings name, for the check at the start. */
  readonly secretFiles: (settings: Settings) => readonly string[];
  /**
   * The requests for one message, in order, each within `bodyBytes` of the limits. At least one. Alerts that do not fit are counted in words.
   * Each counts against the limit of messages, but where each goes to another person.
   */
  readonly render: (message: Message, settings: Settings, context: RenderContext) => readonly ChannelRequest[];
  /** Some kinds know only from their settings what a good answer is. */
  readonly judge: (answer: ChannelAnswer, settings: Settings) => Verdict;
}

export function defineChannel<Settings>(kind: ChannelKind<Settings>): ChannelKind<Settings> {
  return Object.freeze(kind);
}
