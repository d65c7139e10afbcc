import type { JsonSchema } from '../../../kit/api/route.ts';
import { errorSchema, namePattern, printable, text } from '../../../kit/api/schemas.ts';
import { identityKinds, itemClasses } from '../model/item-class.ts';
import { relationTypes } from '../model/relation-type.ts';
import { lifecycleStates } from '../model/state.ts';

/** Parts of bodies and answers. */
const maxText = 2000;

export const itemId: JsonSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 2_147_483_647,
  description: 'Number of an item.',
};
export const itemClass: JsonSchema = { type: 'string', enum: Object.keys(itemClasses) };
export const state: JsonSchema = { type: 'string', enum: Object.keys(lifecycleStates) };
export const relationType: JsonSchema = { type: 'string', enum: Object.keys(relationTypes) };

const attributeValues = [
  text(maxText),
  { type: 'number' },
  { type: 'boolean' },
  { type: 'array', maxItems: 200, items: text(maxText) },
] as const;

/** Values of attributes as people send them; null takes one back. */
export function attributesSchema({ mayTakeBack }: { readonly mayTakeBack: boolean }): JsonSchema {
  return {
    type: 'object',
    maxProperties: 200,
    propertyNames: { pattern: namePattern },
    additionalProperties: {
      type: ['string', 'number', 'boolean', 'array', ...(mayTakeBack ? ['null'] : [])],
      maxLength: maxText,
      pattern: printable,
      maxItems: 200,
      items: text(maxText),
    },
  };
}

export const identitySchema: JsonSchema = {
  type: 'object',
  required: ['kind', 'value'],
  additionalProperties: false,
  properties: { kind: { type: 'string', enum: Object.keys(identityKinds) }, value: { ...text(200), minLength: 1 } },
};

export const claimedRelation: JsonSchema = {
  type: 'object',
  required: ['type', 'to'],
  additionalProperties: false,
  properties: { type: relationType, to: itemId },
};

const time: JsonSchema = { type: 'string', format: 'date-time' };
const attributes: JsonSchema = { type: 'object', additionalProperties: { anyOf: attributeValues } };

const relationProperties = {
  type: relationType,
  from: itemId,
  to: itemId,
  source: { type: 'string' },
  since: time,
  until: time,
} as const;

/** Named parts of the document of the API. */
export const components = {
  Item: {
    type: 'object',
    required: ['id', 'class', 'name', 'state', 'version', 'attributes', 'origins', 'identities', 'conflicts'],
    properties: {
      id: itemId,
      class: itemClass,
      name: { type: 'string' },
      state,
      version: { type: 'integer', description: 'Counts the changes; it is the ETag, too.' },
      attributes,
      origins: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Which source each attribute comes from, and name and state.',
      },
      identities: { type: 'array', items: identitySchema },
      conflicts: { type: 'array', items: { type: 'object' }, description: 'Where sources disagree.' },
      created_at: time,
      changed_at: time,
      last_seen: time,
      missing_since: time,
    },
  },
  ItemReference: {
    type: 'object',
    required: ['id', 'class', 'name', 'state'],
    properties: { id: itemId, class: itemClass, name: { type: 'string' }, state },
  },
  Relation: {
    type: 'object',
    required: ['type', 'from', 'to', 'source', 'since'],
    properties: relationProperties,
  },
  NamedRelation: {
    type: 'object',
    required: ['type', 'from', 'to', 'source', 'since'],
    properties: { ...relationProperties, from_name: { type: 'string' }, to_name: { type: 'string' } },
  },
  Claim: {
    type: 'object',
    required: ['source', 'attributes', 'identities', 'relations', 'first_seen', 'seen_at'],
    properties: {
      source: { type: 'string' },
      name: { type: 'string' },
      state,
      attributes,
      identities: { type: 'array', items: identitySchema },
      relations: { type: 'array', items: claimedRelation },
      scope: { type: 'string' },
      first_seen: time,
      seen_at: time,
      missing_since: time,
    },
  },
  Change: {
    type: 'object',
    required: ['sequence', 'at', 'source', 'actor', 'request', 'message', 'item_id', 'action', 'before', 'after'],
    properties: {
      sequence: { type: 'integer' },
      at: time,
      source: { type: 'string' },
      actor: { type: 'string' },
      request: { type: 'string' },
      message: { type: 'string' },
      item_id: itemId,
      action: { type: 'string', enum: ['created', 'updated', 'deleted'] },
      before: { anyOf: [{ $ref: '#/components/schemas/Item' }, { type: 'null' }] },
      after: { anyOf: [{ $ref: '#/components/schemas/Item' }, { type: 'null' }] },
      opened: { type: 'array', items: { $ref: '#/components/schemas/NamedRelation' } },
      closed: { type: 'array', items: { $ref: '#/components/schemas/NamedRelation' } },
    },
  },
  Error: errorSchema,
} as const satisfies Readonly<Record<string, JsonSchema>>;

export const ref = (name: keyof typeof components): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
