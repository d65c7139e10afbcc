import type { RuleGroup } from '../../../rules/render/prometheus.ts';
import { shardGroup } from '../../../rules/targets/shard-group.ts';

const limits = { maxRules: 20, maxBytes: 1e6 };

function groupOf(names: readonly string[], exprs: Readonly<Record<string, string>> = {}): RuleGroup {
  return { name: 'g', interval: '1m', rules: names.map((record) => ({ record, expr: exprs[record] ?? 'up' })) };
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `n:rule${index}:sum`);
}

function placesOf(group: RuleGroup): ReadonlyMap<string, string> {
  return new Map(
    shardGroup(group, limits).flatMap(({ name, rules }) =>
      rules.map((rule) => ['record' in rule ? rule.record : '', name] as const),
    ),
  );
}

test('a group that keeps the limits stays as it is', () => {
  const group = groupOf(numbered(20));
  expect(shardGroup(group, limits)).toEqual([group]);
});

test('parts keep the limit, hold every rule once and in order, and the interval', () => {
  const parts = shardGroup(groupOf(numbered(90)), limits);
  expect(parts.flatMap(({ rules }) => rules)).toHaveLength(90);
  for (const { rules, interval } of parts) {
    expect(rules.length).toBeLessThanOrEqual(20);
    expect(interval).toBe('1m');
    const order = rules.map((rule) => ('record' in rule ? Number(/\d+/.exec(rule.record)) : 0));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  }
});

test('one rule more moves few of the others', () => {
  const before = placesOf(groupOf(numbered(50)));
  for (const at of [0, 25, 50]) {
    const after = placesOf(groupOf([...numbered(50).slice(0, at), 'n:new:sum', ...numbered(50).slice(at)]));
    const moved = [...before].filter(([name, part]) => after.get(name) !== part);
    expect(moved.length).toBeLessThanOrEqual(15);
  }
});

test('a recording and its readers stay together, in order', () => {
  const chain = { 'n:b:sum': 'n:a:sum * 2', 'n:c:sum': 'n:b:sum + 1' };
  const names = ['n:a:sum', ...numbered(30), 'n:b:sum', 'n:c:sum'];
  const part = shardGroup(groupOf(names, chain), limits).find(({ rules }) =>
    rules.some((rule) => 'record' in rule && rule.record === 'n:a:sum'),
  );
  const inPart = part?.rules
    .map((rule) => ('record' in rule ? rule.record : ''))
    .filter((name) => !name.includes('rule'));
  expect(inPart).toEqual(['n:a:sum', 'n:b:sum', 'n:c:sum']);
});

test('a chain that is too long is cut between a rule and its reader', () => {
  const names = numbered(45);
  const chain = Object.fromEntries(names.slice(1).map((name, index) => [name, `${names[index]} + 1`]));
  const parts = shardGroup(groupOf(names, chain), limits);
  expect(Math.max(...parts.map(({ rules }) => rules.length))).toBeLessThanOrEqual(20);
  expect(parts.flatMap(({ rules }) => rules)).toHaveLength(45);
});

test('a group of too many bytes is parted too', () => {
  const names = numbered(4);
  const long = Object.fromEntries(names.map((name) => [name, 'x'.repeat(900)]));
  const parts = shardGroup(groupOf(names, long), { maxRules: 100, maxBytes: 2500 });
  for (const part of parts) expect(JSON.stringify(part).length).toBeLessThanOrEqual(2500);
  expect(parts.length).toBeGreaterThan(1);
});
