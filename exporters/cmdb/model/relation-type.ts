/** How items belong together, read as a sentence: a GPU is `installed_on` a server. */
interface RelationSpec {
  readonly about: string;
  /** The same seen from the other end, for people. */
  readonly reverse: string;
  /** An item has at most one such relation at a time; what a surer source says replaces it. */
  readonly single: boolean;
}

export const relationTypes = {
  located_in: { about: 'is in the place', reverse: 'holds', single: true },
  installed_on: { about: 'is built into or installed on', reverse: 'has installed', single: false },
  part_of: { about: 'is a part or member of', reverse: 'consists of', single: false },
  connected_to: { about: 'has a cable to', reverse: 'has a cable to', single: false },
  powered_by: { about: 'gets its power from', reverse: 'gives power to', single: false },
  runs_on: { about: 'runs on', reverse: 'runs', single: false },
  depends_on: { about: 'needs', reverse: 'is needed by', single: false },
  owned_by: { about: 'belongs to or is looked after by', reverse: 'owns', single: false },
} as const satisfies Readonly<Record<string, RelationSpec>>;

export type RelationType = keyof typeof relationTypes;

export function isRelationType(name: string): name is RelationType {
  return Object.hasOwn(relationTypes, name);
}

/** Hardware that is built in somewhere is in one place only: a move ends the relation before. */
const builtIn: ReadonlySet<string> = new Set(['gpu', 'nic', 'disk', 'power_supply', 'bmc', 'port', 'mig_instance']);

/** Whether an item of that class can have only one relation of the type at a time. */
export function isSingle(type: RelationType, fromClass: string): boolean {
  if (relationTypes[type].single) return true;
  return builtIn.has(fromClass) && (type === 'installed_on' || type === 'part_of');
}
