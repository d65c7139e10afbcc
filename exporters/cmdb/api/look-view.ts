import { isDeepStrictEqual } from 'node:util';
import type { ClaimContent } from '../inventory/claim.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Item } from '../model/item.ts';
import type { LookResult } from '../store/cmdb-store.ts';
import { itemRef, type View } from './views.ts';

/** Of each list; the counts are of all. */
const maxListed = 200;

/** What a look changes, or would change. `inventory` is as it was before. */
export function lookView({ plan, refusal, counts, isDryRun }: LookResult, inventory: Inventory): View {
  return {
    dry_run: isDryRun,
    refusal: refusal ?? null,
    counts: {
      created: isDryRun ? plan.created.length : counts.created,
      updated: isDryRun ? plan.updated.length : counts.updated,
      unchanged: plan.unchanged.length,
      returned: plan.returned.length,
      missing: plan.missing.length,
      findings: plan.findings.length,
    },
    created: plan.created.slice(0, maxListed).map(({ class: itemClass, content }) => ({
      class: itemClass,
      name: content.name ?? content.identities[0]?.value,
      identities: content.identities,
      attributes: content.attributes,
    })),
    updated: plan.updated.slice(0, maxListed).map(({ id, content }) => updatedView(inventory.item(id), id, content)),
    returned: refsOf(inventory, plan.returned),
    missing: refsOf(inventory, plan.missing),
    findings: plan.findings
      .slice(0, maxListed)
      .map(({ kind, subject, reason, itemId }) => ({ kind, subject, reason, item_id: itemId })),
  };
}

function refsOf(inventory: Inventory, ids: readonly number[]): readonly View[] {
  return ids.slice(0, maxListed).flatMap((id) => {
    const item = inventory.item(id);
    return item === undefined ? [] : [itemRef(item)];
  });
}

/** What the source says now that is not in the item. Whether it counts is up to the precedence. */
function updatedView(item: Item | undefined, id: number, { name, state, attributes }: ClaimContent): View {
  if (item === undefined) return { id };
  const said = { ...(name === undefined ? {} : { name }), ...(state === undefined ? {} : { state }) };
  const before: Readonly<Record<string, unknown>> = { ...item.attributes, name: item.name, state: item.state };
  const changes = Object.entries({ ...attributes, ...said })
    .filter(([key, value]) => !isDeepStrictEqual(value, Object.hasOwn(before, key) ? before[key] : undefined))
    .map(([key, value]) => ({ about: key, before: Object.hasOwn(before, key) ? before[key] : null, says: value }));
  return { ...itemRef(item), changes };
}
