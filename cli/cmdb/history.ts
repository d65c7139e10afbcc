import { type Fields, fieldsOf, listOf, numberOf, shortTime, textOf } from '../api-client/fields.ts';
import { tableWithText } from '../api-client/text-table.ts';
import { differences, relationWords } from './change-text.ts';
import { historyOptions } from './options.ts';
import { resolveItem } from './resolve-item.ts';
import { runInventoryCommand } from './run-inventory-command.ts';

/** Runs `fleetlens cmdb history`. */
export function history(argv: readonly string[]): Promise<number> {
  return runInventoryCommand(
    historyOptions,
    argv,
    async ({ options, words, client, style }) => {
      const { limit, from, to } = options;
      // What was deleted is found by its number alone.
      const id = words === '' || /^\d{1,9}$/.test(words) ? words : await resolveItem(words, undefined, client);
      const path = id === '' ? '/api/v1/changes' : `/api/v1/items/${id}/history`;
      const json = fieldsOf(await client.get(path, { limit, from, to }));
      const changes = listOf(json['changes']);
      if (changes.length === 0) return { json, lines: ['nothing has changed'], isNothing: true };
      const table = tableWithText(
        changes,
        [
          { title: 'WHEN (UTC)', of: ({ at }) => shortTime(at) },
          { title: 'WHO', of: whoOf },
          { title: 'ITEM', of: itemOf },
        ],
        { title: 'WHAT', of: whatOf },
        style,
      );
      return { json, lines: table };
    },
    (options) => options,
  );
}

function whoOf({ actor, source }: Fields): string {
  return actor === source ? textOf(source) : `${textOf(actor)} (${textOf(source)})`;
}

function itemOf(change: Fields): string {
  const item = fieldsOf(change['after'] ?? change['before']);
  return `${numberOf(change['item_id'])} ${textOf(item['name'])}`;
}

function whatOf(change: Fields): string {
  const message = textOf(change['message']);
  const { action } = change;
  const parts =
    action === 'updated' ? differences(fieldsOf(change['before']), fieldsOf(change['after'])) : [textOf(action)];
  const all = [...parts, ...relationWords(change)];
  const told = all.length === 0 ? 'noted' : all.join('; ');
  return message === '' ? told : `${told}: ${message}`;
}
