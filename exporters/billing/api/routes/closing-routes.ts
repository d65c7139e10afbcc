import { ApiError, badField } from '../../../../kit/api/api-error.ts';
import { type Caller, jsonBody, type Route, routeOf } from '../../../../kit/api/route.ts';
import { listSchema, text } from '../../../../kit/api/schemas.ts';
import type { Bill } from '../../bills/bill.ts';
import { BillError } from '../../bills/bill-error.ts';
import type { TenantOutcome } from '../../bills/close-bills.ts';
import { type Acceptance, acceptableKinds } from '../../bills/obstacles.ts';
import { periodAt } from '../../bills/period.ts';
import { periodIn, periodSchema } from '../period-of.ts';
import { ref } from '../schemas.ts';
import { billFor, maySee, tenantsFor } from '../scope.ts';
import type { BillingServices } from '../services.ts';
import { billView, headingView, type View } from '../views.ts';
import { numberParameter } from './bill-routes.ts';

type ClosingServices = Pick<BillingServices, 'clock' | 'directory' | 'anchorDay' | 'bills'>;

const route = routeOf<ClosingServices>();
const tag = 'Bills';
const maxTenants = 1000;

interface CloseBody {
  readonly period: string;
  readonly tenants: readonly string[];
  readonly accept?: Acceptance;
}

interface CorrectionBody {
  readonly accept?: Acceptance;
  readonly include_rule_changes?: boolean;
}

const accept = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(acceptableKinds.map((kind) => [kind, { ...text(500), minLength: 1 }])),
  description: 'Reasons by the kind of obstacle that somebody takes responsibility for. They stay on the bill.',
} as const;

const closeBody = jsonBody<CloseBody>({
  about: 'The period, whose bills, and what is accepted although it stands in the way.',
  schema: {
    type: 'object',
    required: ['period', 'tenants'],
    additionalProperties: false,
    properties: {
      period: periodSchema,
      tenants: { type: 'array', minItems: 1, maxItems: maxTenants, items: { ...text(200), minLength: 1 } },
      accept,
    },
  },
  example: { period: '2026-03', tenants: ['research'] },
});

const correctionBody = jsonBody<CorrectionBody>({
  about: 'What is accepted although it stands in the way.',
  isOptional: true,
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      accept,
      include_rule_changes: {
        type: 'boolean',
        description: 'Also what comes of changed prices, contracts and owners. Otherwise such a change is refused.',
      },
    },
  },
  example: { include_rule_changes: true },
});

export const closingRoutes: readonly Route<ClosingServices>[] = [
  route({
    method: 'post',
    path: '/api/v1/bills/close',
    tag,
    id: 'closeBills',
    access: 'admin',
    errors: ['not_found'],
    summary: 'Closes the bills of tenants for a period that is over. They are never changed again.',
    about:
      'What stands in the way of a bill is named, and holds up no other. Asked again, it answers the same bills. If all are refused, the answer is 409 with the same outcomes.',
    parameters: {},
    body: closeBody,
    answers: {
      200: {
        about: 'What became of each tenant.',
        schema: listSchema('outcomes', ref('ClosingOutcome'), { period: { type: 'string' } }),
      },
    },
    handle: async ({ body, caller, signal }, services) => {
      const { period, tenants: names, accept: reasons = {} } = body;
      const tenants = tenantsFor(caller, names, services.directory()).map(({ name }) => name);
      periodIn(period, 'UTC', services);
      const ask = { period, tenants, by: caller.name, accept: reasons, signal };
      const outcomes = await services.bills.closeAll(ask);
      const views = outcomes.map(outcomeView);
      const [first] = outcomes;
      if (first?.error !== undefined && outcomes.every(({ outcome }) => outcome === 'refused'))
        throw new ApiError('conflict', first.error.message, { outcomes: views });
      return { json: { period, outcomes: views } };
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/bills/{number}/corrections',
    tag,
    id: 'listCorrections',
    access: 'reader',
    summary: 'Tells how a closed bill was corrected, and what a correction would say now.',
    parameters: { number: numberParameter },
    answers: {
      200: {
        about:
          'Corrections, the newest first; `pending` is null if there is nothing to correct, or `refused` says why not.',
        schema: listSchema('corrections', ref('BillHeading'), {
          pending: { anyOf: [ref('Bill'), { type: 'null' }] },
          refused: { type: 'string' },
        }),
      },
    },
    handle: async ({ parameters, caller }, { bills }) => {
      const bill = await original(parameters.number, caller, bills);
      const [page, pending] = await Promise.all([
        bills.list({ corrects: parameters.number, limit: 1000 }),
        pendingOf(bill, caller, bills),
      ]);
      const corrections = page.bills.filter(({ tenant }) => maySee(caller, tenant));
      return { json: { corrections: corrections.map(headingView), ...pending } };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/bills/{number}/corrections',
    tag,
    id: 'correctBill',
    access: 'admin',
    summary: 'Closes a correction of a bill: a bill of its own with the differences, signed.',
    parameters: { number: numberParameter },
    body: correctionBody,
    answers: {
      200: { about: 'Nothing has changed, so there is no correction.', schema: { type: 'object' } },
      201: { about: 'The correction.', schema: ref('BillHeading') },
    },
    handle: async ({ parameters, body, caller }, { bills }) => {
      const bill = await original(parameters.number, caller, bills);
      const { accept: reasons = {}, include_rule_changes: includeRuleChanges = false } = body ?? {};
      const ask = { ...askOf(bill, caller), accept: reasons, includeRuleChanges };
      const correction = await bills.correction(ask);
      if (correction === undefined) return { json: { correction: null } };
      return { status: 201, json: headingView(correction) };
    },
  }),
];

function outcomeView({ tenant, outcome, number, total, currency, error }: TenantOutcome): View {
  const told = error === undefined ? {} : { message: error.message, obstacles: error.obstacles };
  return { tenant, outcome, number, total, currency, ...told };
}

async function original(number: string, caller: Caller, bills: ClosingServices['bills']): Promise<Bill> {
  const bill = await billFor(caller, number, bills);
  if (bill.corrects === undefined) return bill;
  throw badField('number', `${number} is a correction of ${bill.corrects}; ask for that bill`);
}

function askOf({ tenant, period, timeZone, details }: Bill, { name }: Caller) {
  const periodName = details?.periodName ?? periodAt(period.startMs, timeZone).name;
  return { tenant, period: periodName, by: name };
}

/** A list does not fail because a correction cannot be made now. */
async function pendingOf(bill: Bill, caller: Caller, bills: ClosingServices['bills']): Promise<View> {
  try {
    const pending = await bills.correction({ ...askOf(bill, caller), isPreview: true });
    return { pending: pending === undefined ? null : billView(pending) };
  } catch (error) {
    if (!(error instanceof BillError)) throw error;
    return { pending: null, refused: error.message };
  }
}
