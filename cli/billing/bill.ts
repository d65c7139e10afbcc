import { ConfigError } from '../../kit/errors.ts';
import { allPages } from '../api-client/all-pages.ts';
import type { ApiClient } from '../api-client/api-client.ts';
import { fieldsOf, listOf, shortTime, textOf } from '../api-client/fields.ts';
import type { Outcome } from '../api-client/run-api-command.ts';
import { saveDownload } from '../api-client/save-download.ts';
import { textTable } from '../api-client/text-table.ts';
import { whileWaiting } from '../api-client/while-waiting.ts';
import { safe, type TextStyle } from '../training-inspect/text/style.ts';
import { formatBytes } from '../training-inspect/text/units.ts';
import { billText } from './bill-text.ts';
import { findBill } from './find-bill.ts';
import { billOptions } from './options.ts';
import { runBillingCommand } from './run-billing-command.ts';

const endings = ['pdf', 'html', 'csv', 'json'];

/** Runs `fleetlens billing bill`. */
export function bill(argv: readonly string[]): Promise<number> {
  return runBillingCommand(
    billOptions,
    argv,
    async ({ options, args, client, style, progress }) => {
      const { period, draft, drafts, out, limit } = options;
      const [name, another] = args;
      if (another !== undefined) throw new ConfigError('one NUMBER or TENANT can be given');
      const format = out === undefined ? undefined : formatOf(out);
      if (name === undefined) {
        if (out !== undefined) throw new ConfigError('--out needs the NUMBER of a bill, or a TENANT');
        return listed({ period, drafts, limit }, client, style);
      }
      const { path, query } = await findBill(name, { period, draft }, client);
      if (out !== undefined) {
        const reckoned = () => client.download(path, { ...query, format }, '*/*');
        const answer = await whileWaiting(progress, () => 'waiting for the bill', reckoned);
        const size = await saveDownload(answer, out, progress);
        return { json: { file: out, bytes: size }, lines: [safe(`${out}: ${formatBytes(size)}`, style)] };
      }
      const json = fieldsOf(await client.get(path, { ...query, format: 'json' }));
      return { json, lines: billText(json, style) };
    },
    (options) => options,
  );
}

function formatOf(file: string): string {
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  if (endings.includes(ending)) return ending;
  throw new ConfigError(`--out: ${file} must end in ${endings.map((each) => `.${each}`).join(', ')}`);
}

interface ListOptions {
  readonly period: string | undefined;
  readonly drafts: boolean;
  readonly limit: number;
}

async function listed({ period, drafts, limit }: ListOptions, client: ApiClient, style: TextStyle): Promise<Outcome> {
  const query = { period, ...(drafts ? { state: 'draft' } : {}) };
  const { list, hasMore } = await allPages(client, '/api/v1/bills', { key: 'bills', most: limit, query });
  const json = { bills: list };
  if (list.length === 0) {
    const none = drafts ? 'there is no tenant' : 'no bill is closed; --drafts shows what will be billed';
    return { json, lines: [none], isNothing: true };
  }
  const table = textTable(
    list,
    [
      { title: 'NUMBER', of: ({ number }) => textOf(number) },
      { title: 'TENANT', of: ({ tenant }) => textOf(tenant) },
      { title: 'PERIOD', of: ({ period_name: name }) => textOf(name) },
      { title: 'TOTAL', of: ({ total }) => textOf(total), isNumber: true },
      { title: 'CURRENCY', of: ({ currency }) => textOf(currency) },
      { title: 'CLOSED (UTC)', of: (each) => (each['state'] === 'closed' ? shortTime(each['created_at']) : '') },
      { title: 'CORRECTS', of: ({ corrects }) => textOf(corrects) },
      { title: 'PROBLEMS', of: ({ problems }) => countText(listOf(problems).length), isNumber: true },
    ],
    style,
  );
  return { json, lines: hasMore ? [...table, '', `There are more; raise --limit.`] : table };
}

function countText(count: number): string {
  return count === 0 ? '' : String(count);
}
