/** What the thread of the embedded database is told when it starts. */
export interface ThreadSettings {
  readonly dataFolder: string;
}

/** To the thread. */
export type Request =
  /** Messages of PostgreSQL's protocol, whole ones, the last of which makes the server answer. */
  { readonly kind: 'exec'; readonly id: number; readonly bytes: Uint8Array } | { readonly kind: 'close' };

/** From the thread. */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'data'; readonly id: number; readonly bytes: Uint8Array }
  /** The end of the answer. `fsyncs` counts since the thread started. */
  | { readonly kind: 'done'; readonly id: number; readonly bytes: Uint8Array; readonly fsyncs: number }
  /** The database has ended itself and has to be opened again, or could not be opened. */
  | { readonly kind: 'dead'; readonly reason: string }
  | { readonly kind: 'closed' };
