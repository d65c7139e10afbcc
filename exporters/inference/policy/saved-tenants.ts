import { isObject } from '../json-object.ts';
import type { SavedTenants } from './tenants.ts';
import { type BudgetUse, budgetPeriods } from './token-budget.ts';

export const savedTenantsMark = '{"fleetlens_inference_budgets":1,';

/** The text of the state file. */
export function writeSavedTenants(tenants: SavedTenants): string {
  return `${savedTenantsMark}"tenants":${JSON.stringify(Object.fromEntries(tenants))}}\n`;
}

/** Undefined for a text that is damaged or of another version. */
export function parseSavedTenants(text: string): SavedTenants | undefined {
  if (!text.startsWith(savedTenantsMark)) return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(document) || !isObject(document['tenants'])) return undefined;
  const entries = Object.entries(document['tenants']);
  const tenants = entries.map(([tenant, uses]) => [tenant, parseUses(uses)] as const);
  const good = tenants.filter((entry): entry is readonly [string, readonly BudgetUse[]] => entry[1] !== undefined);
  return good.length === tenants.length ? new Map(good) : undefined;
}

function parseUses(value: unknown): readonly BudgetUse[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const uses = value.map(parseUse).filter((use) => use !== undefined);
  return uses.length === value.length ? uses : undefined;
}

function parseUse(value: unknown): BudgetUse | undefined {
  if (!isObject(value)) return undefined;
  const { startedAt, tokens } = value;
  const period = budgetPeriods.find((each) => each === value['period']);
  if (period === undefined || !isCount(startedAt) || !isCount(tokens)) return undefined;
  return { period, startedAt, tokens };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
