import { ConfigError } from '../../kit/errors.ts';
import { fieldsOf, listOf, numberOf } from '../api-client/fields.ts';
import { counted } from '../doctor/counted.ts';
import { painted } from '../training-inspect/text/style.ts';
import { itemTable } from './item-table.ts';
import { findOptions } from './options.ts';
import { runInventoryCommand } from './run-inventory-command.ts';

/** Runs `fleetlens cmdb find`. */
export function find(argv: readonly string[]): Promise<number> {
  return runInventoryCommand(
    findOptions,
    argv,
    async ({ options, words, client, style }) => {
      if (words === '') throw new ConfigError('WORDS are missing, such as fleetlens cmdb find node-17');
      const answer = fieldsOf(await client.get('/api/v1/search', { q: words, limit: options.limit, at: options.at }));
      const items = listOf(answer['items']);
      const notes = Array.isArray(answer['notes']) ? answer['notes'].map(String) : [];
      if (items.length === 0)
        return { json: answer, lines: [`nothing is found by "${words}"`, ...notes], isNothing: true };
      const total = numberOf(answer['total']);
      const rest =
        total > items.length
          ? [
              painted(
                `${items.length} of ${counted(total, 'item')}; more words or a larger --limit show the others`,
                'dim',
                style,
              ),
            ]
          : [];
      return { json: answer, lines: [...itemTable(items, style), ...rest, ...notes] };
    },
    (options) => options,
  );
}
