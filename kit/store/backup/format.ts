/** The file is a gzip stream of JSON lines; a line that announces a chunk is followed by its bytes, rows as COPY writes them, and a line feed. */
export type BackupRecord =
  | Header
  /** A part of a table that is divided by ranges: the application makes such parts as it goes, so they are not in the migrations. */
  | { readonly kind: 'partition'; readonly name: string; readonly of: string; readonly bounds: string }
  | { readonly kind: 'table'; readonly name: string; readonly columns: readonly string[] }
  | { readonly kind: 'chunk'; readonly bytes: number }
  | { readonly kind: 'table-end'; readonly name: string; readonly rows: number; readonly sum: string }
  | { readonly kind: 'sequence'; readonly name: string; readonly value: string; readonly isCalled: boolean }
  | { readonly kind: 'end'; readonly tables: number; readonly rows: number };

export interface Header {
  readonly kind: 'fleetlens-backup';
  readonly format: 1;
  readonly schema: string;
  /** Names of the migrations that made the tables. */
  readonly migrations: readonly string[];
  /** Of FleetLens and of PostgreSQL. */
  readonly version: string;
  readonly server: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** As PostgreSQL writes the bounds of a range over one column, from one literal to another. */
export const rangeBounds = /^FOR VALUES FROM \('[^'\\]*'\) TO \('[^'\\]*'\)$/;

/** How far it is. */
export interface Progress {
  readonly table: string;
  readonly rows: number;
  /** From 0 to 1; undefined where the whole is not known. */
  readonly share: number | undefined;
}

/** What is longer is no line of ours. */
export const maxLineBytes = 1_048_576;
export const maxChunkBytes = 2_147_483_647;
