import type { CmdbCollector } from './cmdb-collector.ts';

/** What a look can find. */
const lookKinds = ['unknown', 'conflict', 'invalid'] as const;

export const countsCollector: CmdbCollector = {
  name: 'counts',
  collect: ({ inventory, sources, findings, changes }, { emit }) => {
    for (const [[itemClass = '', state = ''], count] of counted(inventory.items(), (item) => [
      item.class,
      item.state,
    ])) {
      emit('cmdb_items', { class: itemClass, state }, count);
    }
    for (const [[relation = ''], count] of counted(inventory.relations(), ({ type }) => [type])) {
      emit('cmdb_relations', { relation }, count);
    }
    // A source that has looked and found nothing says so.
    const none = sources
      .filter(({ last }) => last !== undefined)
      .flatMap(({ name }) => lookKinds.map((kind) => ({ kind, source: name, count: 0 })));
    const found = counted(findings, (finding) => [finding.kind, finding.source]).map(
      ([[kind = '', source = ''], count]) => ({ kind, source, count }),
    );
    const all = new Map([...none, ...found].map((each) => [`${each.kind} ${each.source}`, each]));
    for (const { kind, source, count } of all.values()) emit('cmdb_findings', { kind, source }, count);
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
