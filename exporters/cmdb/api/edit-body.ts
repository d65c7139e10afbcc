import { jsonBody } from '../../../kit/api/route.ts';
import { text } from '../../../kit/api/schemas.ts';
import type { ClaimedRelation } from '../inventory/claim.ts';
import type { AttributeValue, Identity } from '../model/item.ts';
import type { ItemClass } from '../model/item-class.ts';
import type { LifecycleState } from '../model/state.ts';
import {
  attributesSchema,
  claimedRelation,
  identitySchema,
  itemClass,
  itemId,
  relationType,
  state,
} from './schemas.ts';

export interface NewItemBody {
  readonly class: ItemClass;
  readonly name: string;
  readonly state?: LifecycleState;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly identities?: readonly Identity[];
  readonly relations?: readonly ClaimedRelation[];
  readonly message?: string;
}

export interface ItemEditBody {
  readonly name?: string | null;
  readonly state?: LifecycleState | null;
  readonly attributes?: Readonly<Record<string, AttributeValue | null>>;
  readonly identities?: readonly Identity[];
  readonly relations?: readonly ClaimedRelation[];
  readonly end_relations?: readonly ClaimedRelation[];
  readonly message?: string;
}

export interface MergeBody {
  readonly from: number;
  readonly message?: string;
}

const name = { ...text(300), minLength: 1 };
const message = text(1000, 'Why; the history keeps it.');
const identities = { type: 'array', maxItems: 50, items: identitySchema };
const relations = { type: 'array', maxItems: 1000, items: claimedRelation };

export const newItemBody = jsonBody<NewItemBody>({
  about: 'An item that people know of.',
  schema: {
    type: 'object',
    required: ['class', 'name'],
    additionalProperties: false,
    properties: {
      class: itemClass,
      name,
      state,
      attributes: attributesSchema({ mayTakeBack: false }),
      identities,
      relations,
      message,
    },
  },
  example: { class: 'server', name: 'node-17', attributes: { vendor: 'Dell', serial: '7XJ2K93', rack_unit: 12 } },
});

export const itemEditBody = jsonBody<ItemEditBody>({
  about:
    'What is to be changed; what is left out stays. `null` takes back what people said, so that what the sources say counts again.',
  schema: {
    type: 'object',
    minProperties: 1,
    additionalProperties: false,
    properties: {
      name: { ...name, type: ['string', 'null'] },
      state: { anyOf: [state, { type: 'null' }] },
      attributes: attributesSchema({ mayTakeBack: true }),
      identities,
      relations,
      end_relations: {
        type: 'array',
        maxItems: 1000,
        items: { ...claimedRelation, properties: { type: relationType, to: itemId } },
      },
      message,
    },
  },
  example: { state: 'maintenance', attributes: { asset_tag: 'A-1017' }, message: 'new label' },
});

export const mergeBody = jsonBody<MergeBody>({
  about: 'The item that is the same thing and goes.',
  schema: {
    type: 'object',
    required: ['from'],
    additionalProperties: false,
    properties: { from: itemId, message },
  },
  example: { from: 4711 },
});
