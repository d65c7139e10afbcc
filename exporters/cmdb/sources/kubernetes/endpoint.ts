import type { ClientIdentity, ServerTrust } from '../../../../kit/http/send-request.ts';

/** Where the API is and how to show oneself there. Files are read again while we run, since tokens and authorities are replaced. */
export interface Endpoint {
  readonly url: URL;
  readonly ca: Material | undefined;
  readonly token: Material | undefined;
  readonly client: { readonly cert: Material; readonly key: Material } | undefined;
  /** True to believe any certificate. */
  readonly isBlind: boolean;
}

/** A text that the configuration holds itself, or a file with it. */
export type Material = { readonly text: string } | { readonly file: string };

/** What a call shows and believes. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  readonly trust: ServerTrust;
  readonly identity: ClientIdentity | undefined;
}
