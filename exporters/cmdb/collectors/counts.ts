import type { CmdbCollector } from './cmdb-collector.ts';

export const countsCollector: CmdbCollector = {
  name: 'counts',
  collect: ({ inventory, findings, changes }, { emit }) => {
    for (const [[itemClass = '', state = ''], count] of counted(inventory.items(), (item) => [
      item.class,
      item.state,
    ])) {
      emit('cmdb_items', { class: itemClass, state }, count);
    }
    for (const [[relation = ''], count] of counted(inventory.relations(), ({ type }) => [type])) {
      emit('cmdb_relations', { relation }, count);
    }
    for (const [[kind = '', source = ''], count] of counted(findings, (finding) => [finding.kind, finding.source])) {
      emit('cmdb_findings', { kind, source }, count);
    }
    for (const [source, count] of changes) emit('cmdb_changes_total', { source }, count);
  },
};

function counted<T>(
  things: Iterable<T>,
  keyOf: (thing: T) => readonly string[],
): readonly (readonly [readonly string[], number])[] {
  const counts = new Map<string, number>();
  for (const thing of things) {
    const key = keyOf(thing).join('\n');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => [key.split('\n'), count]);
}
