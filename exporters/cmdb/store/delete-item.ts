import { sql } from 'kysely';
import { seenItem } from './edit-items.ts';
import { repointClaims } from './repoint-claims.ts';
import { type Writing, weigh } from './write-claims.ts';
import { writeItems } from './write-items.ts';

/**
 * Deletes an item: its relations end, its identities are free, and the history keeps it. A source that still sees it adds it anew. Throws
 * EditError.
 */
export async function deleteItem(
  writing: Writing,
  { id, version }: { readonly id: number; readonly version: number | undefined },
): Promise<void> {
  const { tx, inventory } = writing;
  const item = seenItem(writing, id, version);
  await sql`delete from claim where item_id = ${id}::integer`.execute(tx);
  const changed = await weigh(await repointClaims(id, undefined, tx), writing);
  const gone = { before: item, after: undefined, opened: [], closed: inventory.outgoing(id) };
  await writeItems([...changed, gone], writing);
}
