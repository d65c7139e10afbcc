import { APP_URL } from '../../../constants';
import type { Question } from '../../../services/ask';
import type { Bill, BillHeading } from './bill';
import { type BillPage, type Corrections, readBill, readBillPage, readCorrections } from './read-bills';
import { type Explanation, readExplanation } from './read-explanation';

/** Which bill: a closed one by its number, or what a tenant owes for a period so far. */
export type BillRef = { readonly number: string } | { readonly tenant: string; readonly period: string };

const encoded = encodeURIComponent;

export function refOf({ number, tenant, period_name: period }: BillHeading): BillRef | undefined {
  if (number !== undefined) return { number };
  return period === undefined ? undefined : { tenant, period };
}

/** The page of the bill. */
export function billUrl(ref: BillRef): string {
  return 'number' in ref
    ? `${APP_URL}/cost/bill/${encoded(ref.number)}`
    : `${APP_URL}/cost/draft/${encoded(ref.tenant)}/${encoded(ref.period)}`;
}

/** Where billing has it; the parameters name the period of a draft. */
export function billPath(ref: BillRef): { readonly path: string; readonly params: Readonly<Record<string, string>> } {
  return 'number' in ref
    ? { path: `/api/v1/bills/${encoded(ref.number)}`, params: {} }
    : { path: `/api/v1/tenants/${encoded(ref.tenant)}/draft`, params: { period: ref.period } };
}

export function billQuestion(ref: BillRef): Question<Bill> {
  return { service: 'billing', ...billPath(ref), params: { ...billPath(ref).params, format: 'json' }, read: readBill };
}

export function explanationQuestion(ref: BillRef, line: string, limit: number): Question<Explanation> {
  const { path, params } = billPath(ref);
  return { service: 'billing', path: `${path}/explain`, params: { ...params, line, limit }, read: readExplanation };
}

export function correctionsQuestion(number: string): Question<Corrections> {
  return { service: 'billing', path: `/api/v1/bills/${encoded(number)}/corrections`, read: readCorrections };
}

/** Closed bills, the newest first; of one tenant, or of all. */
export function closedBillsQuestion(tenant: string | undefined, limit: number): Question<BillPage> {
  return { service: 'billing', path: '/api/v1/bills', params: { tenant, limit }, read: readBillPage };
}

/** What a tenant owes for the period that runs. Billing reckons it for this answer. */
export function draftQuestion(tenant: string): Question<BillPage> {
  return { service: 'billing', path: '/api/v1/bills', params: { tenant, state: 'draft' }, read: readBillPage };
}
