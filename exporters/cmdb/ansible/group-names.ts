import { createHash } from 'node:crypto';

/** A value from which hosts are grouped: the rack r1, the role gpu. */
export interface GroupValue {
  readonly kind: string;
  readonly value: string;
}

/**
 * Names of groups as Ansible allows them: letters, digits and _. Values that would get the same name, such as a-1 and a.1, each get a
 * checksum behind it: a play that means one of them must not reach the other.
 */
export function groupNames(values: readonly GroupValue[]): (group: GroupValue) => string {
  const byName = new Map<string, Set<string>>();
  for (const group of values) {
    const name = plainName(group);
    byName.set(name, (byName.get(name) ?? new Set()).add(group.value));
  }
  return (group) => {
    const name = plainName(group);
    const isShared = (byName.get(name)?.size ?? 0) > 1 || name.endsWith('_');
    return isShared ? `${name}_${checksum(group.value)}` : name;
  };
}

const maxCharacters = 100;

function plainName({ kind, value }: GroupValue): string {
  const word = value
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  return `${kind}_${word.slice(0, maxCharacters)}`;
}

function checksum(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 8);
}
