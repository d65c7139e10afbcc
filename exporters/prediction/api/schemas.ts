import type { JsonSchema } from '../../../kit/api/route.ts';
import { errorSchema } from '../../../kit/api/schemas.ts';
import { horizons } from '../horizon.ts';
import { riskLayers } from '../risk/risk.ts';

export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

const text: JsonSchema = { type: 'string' };
const number: JsonSchema = { type: 'number' };
const flag: JsonSchema = { type: 'boolean' };
const texts: JsonSchema = { type: 'array', items: text };
const time: JsonSchema = { type: 'string', format: 'date-time' };

function each(schema: JsonSchema): JsonSchema {
  return {
    type: 'object',
    required: [...horizons],
    properties: Object.fromEntries(horizons.map((horizon) => [horizon, schema])),
  };
}

const entity = {
  kind: { type: 'string', enum: ['gpu', 'node'] },
  cluster: text,
  node: text,
  uuid: { type: 'string', description: 'Only of a GPU.' },
} as const;

const risk = {
  ...entity,
  at: time,
  probability: each({ type: 'number', minimum: 0, maximum: 1 }),
  layer: each({ type: 'string', enum: [...riskLayers] }),
  out_of_service: {
    type: 'boolean',
    description: 'True where it is not in service now: what is said holds for when it is back.',
  },
  rules: { type: 'array', items: ref('RuleHit') },
  recommended_action: ref('Action'),
} as const;

const incident = {
  ...entity,
  started: time,
  ended: { ...time, description: 'Missing while it goes on, or where nobody knows.' },
  is_open: flag,
  what: { type: 'string', description: 'Such as xid_79 or row_remap_failure.' },
  told_by: texts,
} as const;

/** Named parts of the document of the API. */
export const components = {
  Risk: {
    type: 'object',
    required: ['kind', 'cluster', 'node', 'at', 'probability', 'layer', 'rules'],
    properties: risk,
  },
  RuleHit: {
    type: 'object',
    required: ['rule', 'severity', 'sentence', 'action', 'source'],
    properties: {
      rule: text,
      severity: { type: 'string', enum: ['act_now', 'next_window', 'raised_risk'] },
      sentence: text,
      action: text,
      source: text,
    },
  },
  Action: {
    type: 'object',
    required: ['action', 'reason'],
    properties: { action: text, reason: text, source: text, when: text },
  },
  ExplainedRisk: {
    type: 'object',
    required: ['kind', 'cluster', 'node', 'at', 'probability', 'layer', 'rules', 'contributions', 'similar_incidents'],
    properties: {
      ...risk,
      models: text,
      contributions: each({ type: 'array', items: ref('Contribution') }),
      similar_incidents: { type: 'array', items: ref('SimilarIncident') },
    },
  },
  Contribution: {
    type: 'object',
    required: ['feature', 'contribution', 'direction'],
    properties: {
      feature: text,
      value: { ...number, description: 'Missing where there is no reading.' },
      peer_median: number,
      contribution: { ...number, description: 'In log-odds.' },
      direction: { type: 'string', enum: ['raises', 'lowers'] },
    },
  },
  Incident: {
    type: 'object',
    required: ['kind', 'cluster', 'node', 'started', 'what', 'told_by'],
    properties: incident,
  },
  SimilarIncident: {
    type: 'object',
    required: ['kind', 'cluster', 'node', 'started', 'what', 'similarity', 'shared'],
    properties: { ...incident, similarity: { type: 'number', minimum: 0, maximum: 1 }, shared: texts },
  },
  Anomaly: {
    type: 'object',
    required: ['kind', 'cluster', 'node', 'at', 'detector', 'signals', 'score', 'threshold'],
    properties: {
      ...entity,
      at: time,
      detector: { type: 'string', enum: ['tail', 'peers', 'drift'] },
      signals: texts,
      score: number,
      threshold: number,
      is_strong: flag,
      is_confirmed: flag,
    },
  },
  Models: {
    type: 'object',
    required: ['version', 'kinds', 'own_failures'],
    properties: {
      version: text,
      made: time,
      previous: { ...text, description: 'The set that a roll-back brings back.' },
      seed: number,
      provenance: { type: 'object', additionalProperties: text },
      own_failures: number,
      kinds: { type: 'array', items: { type: 'object' } },
    },
  },
  Source: {
    type: 'object',
    required: ['name', 'history'],
    properties: {
      name: text,
      is_up: { ...flag, description: 'Missing before it was asked.' },
      last_success: time,
      problem: { ...text, description: 'Why it did not answer as it must; missing if it did.' },
      history: {
        type: 'object',
        required: ['is_active', 'remarks'],
        properties: {
          is_active: flag,
          progress: { type: 'number', minimum: 0, maximum: 1 },
          until: { ...time, description: 'Up to here it is read.' },
          problem: { ...text, description: 'Why it was not read to its end, or why features are not used.' },
          remarks: { ...texts, description: 'Such as where features of other settings are kept.' },
        },
      },
    },
  },
  Error: errorSchema,
} as const;
