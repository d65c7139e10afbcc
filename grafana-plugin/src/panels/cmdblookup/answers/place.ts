import type { Question } from '../../../services/ask';
import { type ItemRef, maybeItemRef, readItemRef } from './item-ref';
import { listIn, maybeText, recordOf } from './json';

/** Where an item is and whose it is; undefined where nobody said. */
export interface Place {
  readonly site: ItemRef | undefined;
  readonly room: ItemRef | undefined;
  readonly rack: ItemRef | undefined;
  readonly chassis: ItemRef | undefined;
  readonly server: ItemRef | undefined;
  readonly switch: ItemRef | undefined;
  readonly unit: string | undefined;
  readonly node: string | undefined;
  readonly cluster: string | undefined;
  readonly tenants: readonly ItemRef[];
  readonly team: ItemRef | undefined;
  readonly person: ItemRef | undefined;
  readonly costCentre: string | undefined;
}

export function readPlace(value: unknown): Place {
  const from = recordOf(value, 'the place');
  return {
    site: maybeItemRef(from, 'site'),
    room: maybeItemRef(from, 'room'),
    rack: maybeItemRef(from, 'rack'),
    chassis: maybeItemRef(from, 'chassis'),
    server: maybeItemRef(from, 'server'),
    switch: maybeItemRef(from, 'switch'),
    unit: maybeText(from, 'unit'),
    node: maybeText(from, 'node'),
    cluster: maybeText(from, 'cluster'),
    tenants: listIn(from, 'tenants', readItemRef),
    team: maybeItemRef(from, 'team'),
    person: maybeItemRef(from, 'person'),
    costCentre: maybeText(from, 'cost_centre'),
  };
}

export function placeQuestion(id: number): Question<Place> {
  return { service: 'cmdb', path: `/api/v1/items/${id}/place`, read: readPlace };
}
