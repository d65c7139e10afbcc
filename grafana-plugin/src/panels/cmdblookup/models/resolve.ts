import { ask } from '../../../services/ask';
import { ServiceProblem } from '../../../services/service-problem';
import type { ItemRef } from '../answers/item-ref';
import { lookupQuestion } from '../answers/lookup';
import { type Hit, type Hits, searchQuestion } from '../answers/search';
import { lookupKeyOf, withoutPort } from './lookup-text';

/** What a text stands for. */
export type Resolution =
  | { readonly kind: 'one'; readonly item: Pick<ItemRef, 'id'> }
  | { readonly kind: 'several'; readonly found: Hits }
  /** Nothing has it; `near` is what begins alike. */
  | { readonly kind: 'none'; readonly near: Hits };

export const listedHits = 50;
const nothing: Hits = { hits: [], total: 0, notes: [] };

/** Finds the item that is meant. Rejects with a ServiceProblem. */
export async function resolve(given: string, signal?: AbortSignal): Promise<Resolution> {
  const text = withoutPort(given.trim());
  const exact = await lookedUp(text, signal);
  if (exact !== undefined) return { kind: 'one', item: exact };
  const found = await ask(searchQuestion(text, listedHits), signal);
  const meant = meantHit(text, found);
  if (meant !== undefined) return { kind: 'one', item: meant };
  if (found.hits.length > 0) return { kind: 'several', found };
  return { kind: 'none', near: await nearHits(text, signal) };
}

async function lookedUp(text: string, signal?: AbortSignal): Promise<ItemRef | undefined> {
  const key = lookupKeyOf(text);
  if (key === undefined) return undefined;
  try {
    return await ask(lookupQuestion(key, text), signal);
  } catch (error) {
    // None, several, or no such address after all: the search tells more.
    if (error instanceof ServiceProblem && (error.kind === 'not_found' || error.kind === 'refused')) return undefined;
    throw error;
  }
}

/** The only one that is found, or the only one that is called exactly so. */
export function meantHit(text: string, { hits, total }: Hits): Hit | undefined {
  if (total === 1) return hits[0];
  const wanted = text.toLowerCase();
  const exact = hits.filter(
    (hit) => hit.name.toLowerCase() === wanted || hit.serial?.toLowerCase() === wanted || isNode(hit, wanted),
  );
  // A tenant and its namespace are often called alike; who names both means the tenant.
  const meant = exact.filter((hit) => hit.class !== 'namespace');
  if (meant.length === 1 && meant[0]?.class === 'tenant') return meant[0];
  return exact.length === 1 ? exact[0] : undefined;
}

function isNode({ class: itemClass, node }: Hit, wanted: string): boolean {
  return itemClass === 'server' && node?.toLowerCase() === wanted;
}

/** Typing mistakes are seldom at the beginning. */
async function nearHits(text: string, signal?: AbortSignal): Promise<Hits> {
  const [word = ''] = text.split(/\s+/);
  for (const share of [0.75, 0.5]) {
    const beginning = word.slice(0, Math.floor(word.length * share));
    if (beginning.length < 2 || beginning.includes(':')) return nothing;
    const near = await ask(searchQuestion(beginning, 10), signal);
    if (near.hits.length > 0) return near;
  }
  return nothing;
}
