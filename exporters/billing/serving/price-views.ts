import type { ContractView, PriceBookView, PriceView } from '../api/services.ts';
import type { Contract } from '../pricing/contract.ts';
import { Decimal, decimalText } from '../pricing/decimal.ts';
import type { Price } from '../pricing/price-book.ts';
import { instantText } from '../pricing/read-values.ts';
import type { Pricing } from '../pricing/segments.ts';

/** The price book as it is loaded: numbers as decimal texts, patterns as they are written, moments in RFC 3339. */
export function priceBookView({ priceBook, contracts }: Pricing, hash: string): PriceBookView {
  return {
    hash,
    currency: priceBook.currency,
    prices: priceBook.prices.map(priceView),
    contracts: contracts.flatMap((contract) => contract.tenants.map((tenant) => contractView(contract, tenant))),
  };
}

function priceView({ where: _, key: __, ...price }: Price): PriceView {
  return { id: price.id, meter: price.meter, ...objectOf(plain(price)) };
}

function contractView({ where: _, tenants: __, ...contract }: Contract, tenant: string): ContractView {
  return { tenant, ...objectOf(plain(contract)) };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const hidden = new Set(['where', 'key', 'matches', 'isExact', 'weight']);

function plain(value: unknown): unknown {
  if (Decimal.isDecimal(value)) return decimalText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if ('matches' in value && 'text' in value) return value.text;
  if ('fromMs' in value && 'untilMs' in value) return validityOf(Number(value.fromMs), Number(value.untilMs));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => !hidden.has(key) && typeof each !== 'function')
      .map(([key, each]) => [key, plain(each)]),
  );
}

function validityOf(fromMs: number, untilMs: number) {
  return {
    ...(Number.isFinite(fromMs) ? { from: instantText(fromMs) } : {}),
    ...(Number.isFinite(untilMs) ? { to: instantText(untilMs) } : {}),
  };
}
