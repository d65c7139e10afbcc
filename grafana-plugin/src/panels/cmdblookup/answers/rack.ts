import type { Question } from '../../../services/ask';
import { type ItemRef, readItemRef } from './item-ref';
import { listIn, maybeNumber, maybeText, numberIn, recordOf, textsOf } from './json';

export interface Mounted extends ItemRef {
  /** Lowest unit that it takes, from 1. */
  readonly unit: number;
  readonly units: number;
  readonly node: string | undefined;
  readonly tenants: readonly string[];
}

export interface Rack {
  readonly rack: ItemRef;
  /** Undefined where nobody said how high it is. */
  readonly units: number | undefined;
  readonly mounted: readonly Mounted[];
  /** In the rack at no unit, such as PDUs at its side. */
  readonly others: readonly ItemRef[];
}

export function readRack(value: unknown): Rack {
  const from = recordOf(value, 'the rack');
  return {
    rack: readItemRef(from.rack),
    units: maybeNumber(from, 'units'),
    mounted: listIn(from, 'mounted', readMounted),
    others: listIn(from, 'others', readItemRef),
  };
}

export function rackQuestion(id: number): Question<Rack> {
  return { service: 'cmdb', path: `/api/v1/items/${id}/rack`, read: readRack };
}

function readMounted(value: unknown): Mounted {
  const from = recordOf(value, 'an item of the rack');
  return {
    ...readItemRef(from),
    unit: numberIn(from, 'unit'),
    units: numberIn(from, 'units'),
    node: maybeText(from, 'node'),
    tenants: textsOf(from, 'tenants'),
  };
}
