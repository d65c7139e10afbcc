import { type ApiClient, Refused } from '../api-client/api-client.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../api-client/fields.ts';

export interface FindOptions {
  readonly period: string | undefined;
  /** True for the draft also where the bill is closed. */
  readonly draft: boolean;
}

/** Where the API has the bill, and the query that belongs to it. */
export interface BillPlace {
  readonly path: string;
  readonly query: { readonly period?: string };
}

/** The bill with the number, or that of the tenant and period: the closed one if there is one. Throws Refused if there is neither. */
export async function findBill(name: string, { period, draft }: FindOptions, client: ApiClient): Promise<BillPlace> {
  const ofTenant = `/api/v1/tenants/${encodeURIComponent(name)}/draft`;
  const query = period === undefined ? {} : { period };
  const closed = await closedOf(name, period, client);
  if (closed === undefined && period === undefined) return { path: billPath(name), query: {} };
  if (closed === undefined) throw new Refused(404, `there is no tenant "${name}" that you may see`, undefined);
  const number = textOf(closed.find(({ corrects }) => corrects === undefined)?.['number']);
  return draft || number === '' ? { path: ofTenant, query } : { path: billPath(number), query: {} };
}

export function billPath(number: string): string {
  return `/api/v1/bills/${encodeURIComponent(number)}`;
}

/** Closed bills of the tenant and period, none without a period; undefined if there is no such tenant. */
async function closedOf(
  tenant: string,
  period: string | undefined,
  client: ApiClient,
): Promise<readonly Fields[] | undefined> {
  try {
    const { bills } = fieldsOf(await client.get('/api/v1/bills', { tenant, period, limit: 100 }));
    return period === undefined ? [] : listOf(bills);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined;
    throw error;
  }
}
