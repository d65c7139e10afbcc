import { sql } from 'kysely';
import { type ClaimedRelation, fingerprintOf } from '../inventory/claim.ts';
import { type ClaimRow, claimOf } from './rows.ts';
import { epoch, inChunks } from './statements.ts';
import type { Tx } from './tables.ts';

/**
 * Lets all relations that sources claim to one item lead to another, or nowhere: a claim must not name an item that is no more. Resolves
 * with the items whose claims are others now.
 */
export async function repointClaims(from: number, to: number | undefined, tx: Tx): Promise<readonly number[]> {
  const { rows } = await sql<ClaimRow>`
    select item_id, source, name, state, attributes, identities, relations, scope,
      ${epoch('first_seen')} as first_seen, ${epoch('seen_at')} as seen_at, ${epoch('missing_since')} as missing_since
    from claim where relations @> ${JSON.stringify([{ to: from }])}::jsonb or item_id = ${to ?? null}::integer`.execute(
    tx,
  );
  const claims = rows.map(claimOf).map((claim) => ({ ...claim, relations: repointed(claim, from, to) }));
  await inChunks(
    claims,
    (chunk) => sql`
      update claim set relations = given.relations::jsonb, fingerprint = given.fingerprint
      from unnest(
        ${chunk.map(({ itemId }) => itemId)}::integer[],
        ${chunk.map(({ source }) => source)}::text[],
        ${chunk.map(({ relations }) => JSON.stringify(relations))}::text[],
        ${chunk.map(fingerprintOf)}::text[]
      ) as given (item_id, source, relations, fingerprint)
      where claim.item_id = given.item_id and claim.source = given.source`,
    tx,
  );
  return [...new Set(claims.map(({ itemId }) => itemId))];
}

function repointed(
  { itemId, relations }: { readonly itemId: number; readonly relations: readonly ClaimedRelation[] },
  from: number,
  to: number | undefined,
): readonly ClaimedRelation[] {
  const after = relations
    .flatMap((relation) => {
      if (relation.to !== from) return [relation];
      return to === undefined ? [] : [{ ...relation, to }];
    })
    .filter((relation) => relation.to !== itemId);
  return [...new Map(after.map((relation) => [`${relation.type} ${relation.to}`, relation])).values()];
}
