import { moneyText } from '../pricing/currency.ts';
import { decimal, sumOf } from '../pricing/decimal.ts';
import type { RatedBill, RatedLine } from '../pricing/rated.ts';
import type { Bill } from './bill.ts';
import type { CorrectionAsk } from './bill-book.ts';
import { BillError, refused } from './bill-error.ts';
import { insertBills, selectChain, selectOriginals, waitForTurn } from './bill-rows.ts';
import { type CloseDeps, numbered } from './close-bills.ts';
import { correctionLines } from './correction-lines.ts';
import { type Obstacle, withAccepted } from './obstacles.ts';
import { billOf, findTenant, standingOf } from './reckon.ts';

/**
 * What the tenant owes by all rows of the ledger, less what the bill and its corrections have charged. Undefined if that is nothing in
 * every line. Throws BillError.
 */
export async function correctBill(ask: CorrectionAsk, deps: CloseDeps): Promise<Bill | undefined> {
  const tenant = findTenant(ask.tenant, deps.now);
  const [original] = await selectOriginals([ask.tenant], [ask.period], deps.db);
  if (original === undefined) throw notClosed(ask);
  const { number, currency, period, timeZone } = original;
  const chain = await selectChain(number, deps.db);
  const billed = chain.flatMap(({ lines }) => lines);
  const standing = await standingOf(period, deps);
  const rateUntil = async (until: bigint): Promise<RatedBill> =>
    (await deps.rate({ period, tenants: [tenant.name], until })).get(tenant.name) ?? {
      tenant: tenant.name,
      currency,
      period,
      lines: [],
      total: '0',
      problems: [],
    };

  if (ask.includeRuleChanges !== true) {
    const atThatTime = await rateUntil(chain.at(-1)?.ledgerPosition ?? original.ledgerPosition);
    refuseOtherRules(ask, { billed, atThatTime, currency });
  }
  const now = await rateUntil(standing.position);
  if (now.currency !== currency) throw otherCurrency(number, currency, now);
  const lines = correctionLines(billed, now.lines, currency);
  if (lines.length === 0) return undefined;

  const { left, accepted } = withAccepted(standing.obstacles, ask.accept ?? {});
  const rated: RatedBill = { ...now, lines, total: moneyText(sumOf(lines.map(({ amount }) => amount)), currency) };
  const draft: Bill = {
    ...billOf({ tenant, standing, rated, periodName: ask.period, accepted }, deps),
    // As it was sent, wherever the tenant is now.
    timeZone,
    corrects: number,
  };
  if (ask.isPreview === true) return { ...draft, problems: [...draft.problems, ...left.map(({ message }) => message)] };
  const obstacles = [...left, ...now.problems.map((message): Obstacle => ({ kind: 'problem', message }))];
  if (obstacles.length > 0) throw refused(`the correction of bill ${number}`, obstacles);
  return keep(draft, { ask, deps, billsBefore: chain.length });
}

/** Somebody else may have corrected the same meanwhile. */
async function keep(
  draft: Bill,
  { ask, deps, billsBefore }: { readonly ask: CorrectionAsk; readonly deps: CloseDeps; readonly billsBefore: number },
): Promise<Bill> {
  return deps.transaction(async (transaction) => {
    await waitForTurn(transaction);
    const chain = await selectChain(draft.corrects ?? '', transaction);
    if (chain.length !== billsBefore)
      throw new BillError(
        'busy',
        `bill ${draft.corrects} was corrected by ${chain.at(-1)?.number} just now; ask again to see whether anything is left`,
      );
    const [bill = draft] = await numbered([draft], ask.by, { transaction, deps });
    await insertBills([bill], transaction);
    return bill;
  });
}

interface Rules {
  readonly billed: readonly RatedLine[];
  /** By the same rows of the ledger, reckoned today. */
  readonly atThatTime: RatedBill;
  readonly currency: string;
}

/** By the same rows of the ledger, today's rules must say what was billed. */
function refuseOtherRules(ask: CorrectionAsk, { billed, atThatTime, currency }: Rules): void {
  const isSameCurrency = atThatTime.currency === currency;
  const [first] = isSameCurrency ? correctionLines(billed, atThatTime.lines, currency) : [];
  if (isSameCurrency && first === undefined) return;
  const example =
    first === undefined ? '' : `, such as ${decimal(first.amount).toFixed()} ${currency} for "${first.description}"`;
  throw new BillError(
    'rules_changed',
    `prices, contracts or owners of ${ask.period} were changed since the bill of ${ask.tenant} was closed${example}; put them back, or ask for a correction with rule changes included`,
  );
}

function otherCurrency(number: string, currency: string, now: RatedBill): BillError {
  return new BillError(
    'rules_changed',
    `bill ${number} is in ${currency} and ${now.tenant} is billed in ${now.currency} now; a bill is corrected in its own currency`,
  );
}

function notClosed({ tenant, period }: CorrectionAsk): BillError {
  return new BillError(
    'not_closed',
    `${tenant} has no closed bill for ${period}; close it, there is nothing to correct`,
  );
}
