import { ConfigError } from '../../kit/errors.ts';
import { Refused } from '../api-client/api-client.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../api-client/fields.ts';
import { billText } from './bill-text.ts';
import { explanationText, isMismatch } from './explanation-text.ts';
import { findBill } from './find-bill.ts';
import { explainOptions } from './options.ts';
import { runBillingCommand } from './run-billing-command.ts';

/** Runs `fleetlens billing explain`. */
export function explain(argv: readonly string[]): Promise<number> {
  return runBillingCommand(
    explainOptions,
    argv,
    async ({ options, args, client, style }) => {
      const { period, limit, cursor } = options;
      const [name, ...words] = args;
      if (name === undefined) throw new ConfigError('NUMBER or TENANT is missing');
      const { path, query } = await findBill(name, { period, draft: false }, client);
      const bill = fieldsOf(await client.get(path, { ...query, format: 'json' }));
      if (words.length === 0) {
        const hint = 'Say which line, by its place or its id.';
        return { json: { lines: bill['lines'] }, lines: [...billText(bill, style), '', hint] };
      }
      const line = lineId(listOf(bill['lines']), words.join(' '));
      const json = fieldsOf(await client.get(`${path}/explain`, { ...query, line, limit, cursor }));
      return { json, lines: explanationText(json, textOf(bill['currency']), style), isNothing: isMismatch(json) };
    },
    (options) => options,
  );
}

function lineId(lines: readonly Fields[], wanted: string): string {
  const place = /^\d{1,6}$/.test(wanted) ? Number(wanted) : 0;
  const line = lines[place - 1] ?? lines.find(({ id }) => id === wanted);
  if (line === undefined)
    throw new Refused(
      404,
      `the bill has ${lines.length} lines, and none of them is "${wanted}"; leave LINE out to see them`,
      undefined,
    );
  return textOf(line['id']);
}
