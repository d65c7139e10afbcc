import { ConfigError } from '../../kit/errors.ts';
import type { ApiClient } from '../api-client/api-client.ts';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../api-client/fields.ts';
import { painted, safe, type TextStyle } from '../training-inspect/text/style.ts';
import { differences } from './change-text.ts';
import { diffOptions } from './options.ts';
import { planText } from './plan-text.ts';
import { runInventoryCommand } from './run-inventory-command.ts';

const pageSize = 1000;
const maxChanges = 50_000;

/** Runs `fleetlens cmdb diff`. */
export function diff(argv: readonly string[]): Promise<number> {
  return runInventoryCommand(
    diffOptions,
    argv,
    async ({ options, words, client, style }) => {
      const { source, from, to, limit } = options;
      if (words !== '') throw new ConfigError(`diff takes options alone, such as --from=2026-01-31; got "${words}"`);
      if ((source === undefined) === (from === undefined))
        throw new ConfigError('either --from or --source must be given');
      if (source !== undefined) {
        const path = `/api/v1/sources/${encodeURIComponent(source)}/plan`;
        const json = await client.post(path, { allow_missing: options['allow-missing'] });
        return { json, lines: planText(fieldsOf(json), limit, style) };
      }
      const items = await changedItems(client, { from, to });
      return { json: { items }, lines: diffText(items, limit, style) };
    },
    (options) => options,
  );
}

interface ChangedItem {
  readonly id: number;
  readonly before: Fields | null;
  readonly after: Fields | null;
  /** How many relations began or ended meanwhile. */
  readonly relations: number;
}

/** Items as they were at the beginning and at the end, from all changes in between. */
async function changedItems(
  client: ApiClient,
  { from, to }: { readonly from: string | undefined; readonly to: string | undefined },
): Promise<readonly ChangedItem[]> {
  const items = new Map<number, ChangedItem>();
  let taken = 0;
  for (let before: number | undefined; ; ) {
    const page = fieldsOf(await client.get('/api/v1/changes', { from, to, before, limit: pageSize }));
    const changes = listOf(page['changes']);
    for (const change of changes) add(items, change);
    taken += changes.length;
    if (page['next'] === undefined) break;
    if (taken >= maxChanges)
      throw new ConfigError(`there are more than ${maxChanges} changes in between; choose times that are nearer`);
    before = numberOf(page['next']);
  }
  return [...items.values()].filter(({ before, after }) => before !== null || after !== null);
}

/** Changes come the newest first: the first one tells how it ended, the last one how it began. */
function add(items: Map<number, ChangedItem>, change: Fields): void {
  const id = numberOf(change['item_id']);
  const known = items.get(id);
  const relations = listOf(change['opened']).length + listOf(change['closed']).length;
  items.set(id, {
    id,
    before: change['before'] === null ? null : fieldsOf(change['before']),
    after: known === undefined ? (change['after'] === null ? null : fieldsOf(change['after'])) : known.after,
    relations: relations + (known?.relations ?? 0),
  });
}

function diffText(items: readonly ChangedItem[], limit: number, style: TextStyle): readonly string[] {
  const added = items.filter(({ before }) => before === null);
  const gone = items.filter(({ after }) => after === null);
  const changed = items.filter(({ before, after }) => before !== null && after !== null);
  const sorted = [...added, ...gone, ...changed];
  const lines = sorted.slice(0, limit).map((item) => lineOf(item, style));
  const rest = sorted.length - lines.length;
  return [
    painted(`${added.length} added, ${gone.length} deleted, ${changed.length} changed.`, 'bold', style),
    ...lines,
    ...(rest > 0 ? [painted(`  and ${rest} more; a larger --limit shows them`, 'dim', style)] : []),
  ];
}

function lineOf({ id, before, after, relations }: ChangedItem, style: TextStyle): string {
  const item = after ?? before ?? {};
  const named = `${textOf(item['class'])} ${textOf(item['name'])} (${id})`;
  if (before === null) return `+ ${safe(named, style)}`;
  if (after === null) return `- ${safe(named, style)}`;
  const parts = [...differences(before, after), ...(relations === 0 ? [] : ['relations'])];
  return `~ ${safe(`${named}: ${parts.join('; ')}`, style)}`;
}
