import type { EntityFacts } from '../../../../exporters/prediction/risk/facts.ts';
import { rulesOf } from '../../../../exporters/prediction/risk/rules/rules-of.ts';
import { dayMs, gpu, hourMs, startMs } from '../fleet.ts';

const atMs = startMs + 30 * dayMs;
const hits = (facts: Partial<EntityFacts>) => rulesOf({ entity: gpu('a'), atMs, ...facts });
const names = (facts: Partial<EntityFacts>) =>
  hits(facts).map(({ rule, severity, action }) => [rule, severity, action]);

test('nothing known, nothing said', () => {
  expect(hits({})).toEqual([]);
  expect(
    hits({ hasRemapFailed: false, isRemapPending: false, uncorrectableRemaps: 8, xids: [], missingScrapes: 0 }),
  ).toEqual([]);
});

test.each<[Partial<EntityFacts>, string, string, string]>([
  [{ hasRemapFailed: true }, 'row_remap_failure', 'act_now', 'contact_support'],
  [{ isRemapPending: true }, 'row_remap_pending', 'next_window', 'reset_gpu'],
  [{ uncorrectableRemaps: 512 }, 'row_remap_limit', 'next_window', 'contact_support'],
  [{ isMemoryUnrepairable: true }, 'memory_unrepairable', 'act_now', 'contact_support'],
  [{ isSramThresholdExceeded: true }, 'sram_threshold', 'act_now', 'contact_support'],
  [{ retiredPages: 63 }, 'retired_pages', 'act_now', 'contact_support'],
  [{ doubleBitPages: 16, doubleBitPagesOfWeek: 2 }, 'retired_pages', 'act_now', 'contact_support'],
  [{ isRetirementPending: true }, 'retirement_pending', 'next_window', 'reset_gpu'],
  [{ isOffTheBus: true }, 'off_the_bus', 'act_now', 'restart_node'],
  [{ vanishedSinceMs: atMs - hourMs / 6 }, 'vanished_series', 'act_now', 'investigate'],
  [{ missingScrapes: 0.5 }, 'scrape_gaps', 'act_now', 'investigate'],
  [{ xids: [{ code: 79, atMs }] }, 'xid_79', 'act_now', 'restart_node'],
  [{ xids: [{ code: 64, atMs }] }, 'xid_64', 'act_now', 'reset_gpu'],
  [{ xids: [{ code: 95, atMs }] }, 'xid_95', 'act_now', 'reset_gpu'],
  [{ xids: [{ code: 48, atMs }] }, 'xid_48', 'raised_risk', 'drain'],
  [{ xids: [{ code: 94, atMs }] }, 'xid_94', 'raised_risk', 'restart_app'],
  [{ xids: [{ code: 63, atMs }] }, 'xid_63', 'raised_risk', 'none'],
])('%j', (facts, rule, severity, action) => {
  expect(names(facts)).toEqual([[rule, severity, action]]);
  expect(hits(facts)[0]?.sentence).toMatch(/^[A-Z0-9].*\.$/);
  expect(hits(facts)[0]?.source).not.toBe('');
});

test.each<[string, Partial<EntityFacts>]>([
  ['a count of 8 remaps is no criterion', { uncorrectableRemaps: 8 }],
  [
    'boards without remapping answer as if',
    { hasRowRemapping: false, hasRemapFailed: true, isRemapPending: true, uncorrectableRemaps: 600 },
  ],
  ['boards with remapping retire no pages', { hasRowRemapping: true, retiredPages: 63 }],
  ['double-bit pages of long ago', { doubleBitPages: 16, doubleBitPagesOfWeek: 1 }],
  ['XIDs of user code', { xids: [13, 31, 43, 45].map((code) => ({ code, atMs })) }],
  ['an XID before it was reset', { xids: [{ code: 79, atMs: atMs - hourMs }], inServiceSinceMs: atMs - hourMs + 1 }],
  ['an XID of long ago', { xids: [{ code: 79, atMs: atMs - 7 * dayMs - 1 }] }],
  ['an XID of the future', { xids: [{ code: 79, atMs: atMs + hourMs }] }],
  ['a scrape that is late', { vanishedSinceMs: atMs - 60_000, missingScrapes: 0.49 }],
])('%s: nothing', (_, facts) => {
  expect(hits(facts)).toEqual([]);
});

test('the gravest come first, and of an XID the newest counts', () => {
  const xids = [
    { code: 79, atMs: atMs - 3 * dayMs },
    { code: 48, atMs: atMs - 3 * hourMs },
    { code: 79, atMs: atMs - 5 * 60_000 },
  ];
  const found = hits({ xids, isRemapPending: true });
  expect(found.map(({ rule }) => rule)).toEqual(['xid_79', 'row_remap_pending', 'xid_48']);
  expect(found[0]?.sentence).toBe(
    'XID 79 5 minutes ago: The GPU is gone from the bus; only a reboot of the node brings it back.',
  );
  expect(found[2]?.sentence).toContain('XID 48 3 hours ago');
  expect(hits({ xids: xids.slice(0, 1) })[0]?.sentence).toContain('XID 79 3 days ago');
});

test('remapping that has failed is no verdict', () => {
  expect(hits({ hasRemapFailed: true })[0]?.sentence).toBe(
    "Remapping of a memory row has failed. This meets NVIDIA's RMA criterion; confirm it with the field diagnostic.",
  );
});
