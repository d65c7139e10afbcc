import type { ItemClass } from '../model/item-class.ts';

/** Things of one kind that an item needs, and how many of them. */
export interface NeedGroup {
  /** For people, and for attributes that say how many must remain. */
  readonly name: string;
  /** Whether every one of them is needed, or so many as the attributes say. */
  readonly rule: 'all' | 'some';
  /** Whether what merely limps makes the dependent limp too. */
  readonly carriesDegraded: boolean;
  /** Whether these are members of a whole, which are often very many: what one of them needs is its own matter. */
  readonly isMembership: boolean;
  /** Attributes of the dependent that say how many must remain: a number or `all`. The first that is there counts; without any, 1. */
  readonly minUpAttributes: readonly string[];
}

const hard = { rule: 'all', carriesDegraded: false, isMembership: false, minUpAttributes: [] } as const;
const redundant = { rule: 'some', carriesDegraded: false, isMembership: false } as const;

export const needGroups = {
  place: { name: 'place', ...hard },
  host: { name: 'host', ...hard },
  software: { name: 'software', ...hard },
  dependency: { name: 'dependency', ...hard, carriesDegraded: true },
  power: { name: 'power', ...redundant, minUpAttributes: ['min_up_power', 'min_up'] },
  link: { name: 'link', ...redundant, minUpAttributes: ['min_up_link'] },
  network: { name: 'network', ...redundant, minUpAttributes: ['min_up_network'] },
  uplink: { name: 'uplink', ...redundant, minUpAttributes: ['min_up_uplink'] },
} as const satisfies Readonly<Record<string, NeedGroup>>;

const byClass = new Map<string, NeedGroup>();

/** What an application runs on, by class: of its servers and of its GPUs some must remain each. */
export function runsOnGroup(providerClass: ItemClass): NeedGroup {
  return groupOf('runs on', providerClass, {
    rule: 'some',
    carriesDegraded: true,
    isMembership: false,
    minUpAttributes: [`min_up_${providerClass}`, 'min_up'],
  });
}

/** What a cluster or another whole consists of, by class. */
export function membersGroup(providerClass: ItemClass): NeedGroup {
  return groupOf('members', providerClass, {
    ...redundant,
    isMembership: true,
    minUpAttributes: [`min_up_${providerClass}`, 'min_up'],
  });
}

/** What is built into a machine, by class. `min_up` of a server is about its power. */
export function partsGroup(providerClass: ItemClass): NeedGroup {
  return groupOf('parts', providerClass, { ...redundant, minUpAttributes: [`min_up_${providerClass}`] });
}

function groupOf(kind: string, providerClass: ItemClass, spec: Omit<NeedGroup, 'name'>): NeedGroup {
  const name = `${kind}: ${providerClass}`;
  const known = byClass.get(name);
  if (known !== undefined) return known;
  const group = { name, ...spec };
  byClass.set(name, group);
  return group;
}
