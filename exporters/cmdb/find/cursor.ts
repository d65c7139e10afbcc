import { FindError } from './find-language.ts';

/** Where a hit stands among all hits, whatever comes or goes beside it. */
export interface Position {
  readonly rank: number;
  readonly order: string;
  readonly id: number;
}

const maxCharacters = 16_384;

export function encodeCursor({ rank, order, id }: Position): string {
  return Buffer.from(JSON.stringify([rank, order, id])).toString('base64url');
}

/** Throws FindError for what is no cursor of ours. */
export function decodeCursor(cursor: string): Position {
  const [rank, order, id] = cursor.length > maxCharacters ? [] : partsOf(cursor);
  if (typeof rank !== 'number' || typeof order !== 'string' || typeof id !== 'number')
    throw new FindError('the cursor is damaged: begin again without one');
  return { rank, order, id };
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
