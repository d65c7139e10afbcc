import type { JsonSchema } from '../../../kit/api/route.ts';
import { errorSchema } from '../../../kit/api/schemas.ts';
import { lineKinds } from '../pricing/rated.ts';

const time: JsonSchema = { type: 'string', format: 'date-time' };
const text: JsonSchema = { type: 'string' };
const texts: JsonSchema = { type: 'array', items: text };
const count: JsonSchema = { type: 'integer', minimum: 0 };
const ratio: JsonSchema = { type: 'number' };
export const decimalText: JsonSchema = {
  type: 'string',
  pattern: '^-?\\d+(\\.\\d+)?$',
  description: 'A decimal number, exact.',
};
const perhapsDecimal: JsonSchema = { type: 'string', pattern: '^(-?\\d+(\\.\\d+)?)?$' };
const exact: JsonSchema = {
  type: 'string',
  pattern: '^-?\\d+(/\\d+)?$',
  description: 'A fraction in lowest terms, exact.',
};
const period: JsonSchema = {
  type: 'object',
  required: ['from', 'to'],
  properties: { from: time, to: time },
  description: 'From this moment until, but not including, that one.',
};

const heading = {
  number: text,
  state: { type: 'string', enum: ['draft', 'closed'] },
  corrects: { type: 'string', description: 'Number of the bill that it corrects.' },
  tenant: text,
  title: text,
  cost_centre: text,
  currency: text,
  time_zone: text,
  period_name: { type: 'string', description: 'The month in which it begins.' },
  period,
  total: decimalText,
  line_count: count,
  problems: texts,
  ledger_position: { type: 'string', pattern: '^\\d+$' },
  price_book_hash: text,
  coverage: ratio,
  created_at: time,
  closed_by: text,
} as const;
const headingRequired = ['state', 'tenant', 'currency', 'period', 'total', 'ledger_position', 'created_at'];

/** Named parts of the document of the API. */
export const components = {
  Tenant: {
    type: 'object',
    required: ['name', 'title', 'cost_centre', 'time_zone', 'currency'],
    properties: { name: text, title: text, cost_centre: text, time_zone: text, currency: text },
  },
  BillHeading: { type: 'object', required: headingRequired, properties: heading },
  Bill: {
    type: 'object',
    required: [...headingRequired, 'lines'],
    properties: {
      ...heading,
      details: { type: 'object', description: 'What the bill stands on.' },
      lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
    },
  },
  Line: {
    type: 'object',
    required: ['id', 'kind', 'description', 'period', 'quantity', 'unit', 'amount', 'price_id', 'steps'],
    properties: {
      id: text,
      kind: { type: 'string', enum: lineKinds },
      meter: text,
      sku: text,
      cluster: text,
      cost_centre: text,
      description: text,
      period,
      quantity: perhapsDecimal,
      unit: text,
      list_unit_price: perhapsDecimal,
      contracted_unit_price: perhapsDecimal,
      list_cost: perhapsDecimal,
      contracted_cost: perhapsDecimal,
      effective_cost: perhapsDecimal,
      amount: decimalText,
      price_id: text,
      steps: { ...texts, description: 'How it was reckoned.' },
      corrects: {
        type: 'object',
        required: ['id', 'kind'],
        properties: { id: text, kind: { type: 'string', enum: lineKinds } },
        description: 'Of a correction: the line that it corrects.',
      },
      covered_by: {
        type: 'object',
        required: ['id', 'name', 'price'],
        properties: { id: text, name: text, price: decimalText },
        description: 'Of usage that a commitment pays for: the line of the commitment, and its price of a unit.',
      },
    },
  },
  LedgerRow: {
    type: 'object',
    required: [
      'position',
      'window',
      'revision',
      'meter',
      'cluster',
      'resource',
      'state',
      'holder',
      'share',
      'quantity',
    ],
    properties: {
      position: { type: 'string', pattern: '^\\d+$' },
      window: period,
      revision: count,
      meter: text,
      cluster: text,
      node: text,
      resource: text,
      sku: text,
      state: text,
      reason: text,
      holder: { type: 'object', additionalProperties: text },
      share: exact,
      quantity: { type: 'string', pattern: '^-?\\d+$', description: 'In base units of the meter, before the share.' },
      recorded_at: time,
      attribution: {
        type: 'object',
        required: ['tenant', 'cost_centre', 'share', 'by'],
        properties: { tenant: text, cost_centre: text, share: exact, by: text },
      },
      counted: { ...exact, description: 'What of it is in the line, in the unit of the line.' },
    },
  },
  LineSum: {
    type: 'object',
    required: ['quantity', 'shared_with', 'counted_by'],
    description: 'Of all rows of the line, not of one page.',
    properties: {
      quantity: { ...decimalText, description: 'In the unit of the line.' },
      matches: {
        type: 'boolean',
        description:
          'Whether it is the quantity of the line, digit for digit, or of all lines that share the rows. Missing where the rows are of a pool of which the tenant bears a part.',
      },
      shared_with: {
        ...texts,
        description: 'Ids of other lines of the same rows: what a commitment covers, and what is beyond it.',
      },
      counted_by: {
        type: 'string',
        enum: ['share', 'instance'],
        description: 'Parts of GPUs count by their share, or as one each where they have a price of their own.',
      },
    },
  },
  SampleQuery: {
    type: 'object',
    required: ['kind', 'source', 'cluster', 'query', 'from', 'to', 'path'],
    properties: {
      kind: {
        type: 'string',
        enum: ['samples', 'context'],
        description: 'samples: as they were scraped. context: what else was asked.',
      },
      source: text,
      cluster: text,
      query: { type: 'string', description: 'In PromQL, for the moment `to`.' },
      from: time,
      to: time,
      path: { type: 'string', description: 'To be put behind the address of Prometheus.' },
    },
  },
  Window: {
    type: 'object',
    required: ['meter', 'cluster', 'window'],
    properties: {
      meter: text,
      cluster: text,
      window: period,
      revision: count,
      hash: text,
      coverage: { type: 'object' },
      conservation: { type: 'object' },
      evidence: {
        type: 'object',
        required: ['source', 'queries', 'samples'],
        properties: { source: text, queries: texts, samples: count },
      },
    },
  },
  MeterStatus: {
    type: 'object',
    required: ['cluster', 'meter', 'source', 'held_windows'],
    properties: {
      cluster: text,
      meter: text,
      source: text,
      metered_from: time,
      metered_until: time,
      age_seconds: count,
      coverage: ratio,
      held_windows: count,
      conservation_error: exact,
      trouble: text,
    },
  },
  Usage: {
    type: 'object',
    required: ['meter', 'quantity', 'unit'],
    properties: {
      meter: text,
      day: text,
      tenant: text,
      cost_centre: text,
      sku: text,
      cluster: text,
      node: text,
      state: text,
      reason: text,
      rule: text,
      quantity: { ...decimalText, description: 'In the unit that prices are for, rounded to 12 decimals.' },
      unit: text,
      base_quantity: exact,
      base_unit: text,
      divided: { type: 'boolean', description: 'True if a window was divided at a border of the time asked for.' },
    },
  },
  BackfillJob: {
    type: 'object',
    required: ['id', 'from', 'to', 'by', 'state', 'windows_done', 'windows_total', 'rows_added', 'started_at'],
    properties: {
      id: text,
      from: time,
      to: time,
      clusters: texts,
      meters: texts,
      by: text,
      state: { type: 'string', enum: ['running', 'done', 'failed', 'cancelled'] },
      windows_done: count,
      windows_total: count,
      rows_added: count,
      started_at: time,
      ended_at: time,
      reason: text,
    },
  },
  ClosingOutcome: {
    type: 'object',
    required: ['tenant', 'outcome'],
    properties: {
      tenant: text,
      outcome: {
        type: 'string',
        enum: ['closed', 'was_closed', 'empty', 'refused', 'aborted'],
        description: 'empty: nothing is owed, so there is no bill.',
      },
      number: text,
      total: decimalText,
      currency: text,
      message: text,
      obstacles: {
        type: 'array',
        items: { type: 'object', required: ['kind', 'message'], properties: { kind: text, message: text } },
      },
    },
  },
  Budget: {
    type: 'object',
    required: ['name', 'period_name', 'period', 'currency', 'amount', 'spent', 'forecasts', 'steps'],
    properties: {
      name: text,
      tenant: { type: 'string', description: 'Missing for a budget of all.' },
      cost_centre: text,
      clusters: texts,
      meters: texts,
      period_name: text,
      period,
      currency: text,
      amount: decimalText,
      spent: decimalText,
      remaining: decimalText,
      ratio,
      elapsed_ratio: ratio,
      spent_at: { ...time, description: 'When it will be spent, if it will.' },
      forecasts: {
        type: 'array',
        items: {
          type: 'object',
          required: ['method', 'expected'],
          properties: { method: text, expected: decimalText, low: decimalText, high: decimalText, days: count },
        },
      },
      steps: {
        type: 'array',
        items: { type: 'object', required: ['ratio', 'reached'], properties: { ratio, reached: { type: 'boolean' } } },
      },
      problems: texts,
    },
  },
  Quota: {
    type: 'object',
    required: ['tenant', 'cluster', 'quota', 'resource', 'used', 'limit'],
    properties: {
      tenant: text,
      cluster: text,
      quota: text,
      resource: text,
      used: { type: 'number' },
      limit: { type: 'number' },
      ratio,
    },
  },
  Error: errorSchema,
} as const satisfies Readonly<Record<string, JsonSchema>>;

export const ref = (name: keyof typeof components): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** `next` of a page. */
export const nextPage = {
  next: { type: 'string', description: '`cursor` of the next page; missing on the last.' },
} as const;
