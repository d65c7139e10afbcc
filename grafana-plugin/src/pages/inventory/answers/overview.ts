import { type ItemRef, maybeItemRef, readItemRef } from '../../../panels/cmdblookup/answers/item-ref';
import { listIn, numberIn, recordOf, textIn } from '../../../panels/cmdblookup/answers/json';
import type { Question } from '../../../services/ask';

export interface ClassOverview {
  readonly class: string;
  readonly total: number;
  readonly states: Readonly<Record<string, number>>;
  readonly missing: number;
}

export interface RackOverview extends ItemRef {
  readonly room: ItemRef | undefined;
  readonly site: ItemRef | undefined;
  readonly servers: number;
  readonly gpus: number;
  readonly failed: number;
  readonly maintenance: number;
  readonly missing: number;
}

export interface Overview {
  readonly items: number;
  readonly classes: readonly ClassOverview[];
  readonly racks: readonly RackOverview[];
  readonly serversWithoutRack: number;
}

export function readOverview(value: unknown): Overview {
  const from = recordOf(value, 'the overview');
  return {
    items: numberIn(from, 'items'),
    classes: listIn(from, 'classes', readClass),
    racks: listIn(from, 'racks', readRack),
    serversWithoutRack: numberIn(from, 'servers_without_rack'),
  };
}

/** No names mean all. */
export function overviewQuestion(site: readonly string[], cluster: readonly string[]): Question<Overview> {
  return { service: 'cmdb', path: '/api/v1/overview', params: { site, cluster }, read: readOverview };
}

function readClass(value: unknown): ClassOverview {
  const from = recordOf(value, 'a class');
  const states = Object.entries(recordOf(from.states, 'states')).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return {
    class: textIn(from, 'class'),
    total: numberIn(from, 'total'),
    states: Object.fromEntries(states),
    missing: numberIn(from, 'missing'),
  };
}

function readRack(value: unknown): RackOverview {
  const from = recordOf(value, 'a rack');
  return {
    ...readItemRef(from),
    room: maybeItemRef(from, 'room'),
    site: maybeItemRef(from, 'site'),
    servers: numberIn(from, 'servers'),
    gpus: numberIn(from, 'gpus'),
    failed: numberIn(from, 'failed'),
    maintenance: numberIn(from, 'maintenance'),
    missing: numberIn(from, 'missing'),
  };
}
