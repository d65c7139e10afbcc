import type { Entity } from '../../../../exporters/prediction/entity.ts';
import type { Incident } from '../../../../exporters/prediction/labels/incident.ts';
import { outNow } from '../../../../exporters/prediction/labels/out-now.ts';

const dayMs = 86_400_000;
const nowMs = 1_700_000_000_000;
const entity: Entity = { kind: 'gpu', cluster: 'prod', node: 'n1', uuid: 'GPU-1' };
const incident = (more: Partial<Incident>): Incident => ({
  entity,
  startMs: nowMs - dayMs,
  endMs: undefined,
  kind: 'xid_79',
  sources: ['xid'],
  ...more,
});
const isOut = (incidents: readonly Incident[], outOfService = [] as Parameters<typeof outNow>[0]['outOfService']) =>
  outNow({ incidents, outOfService }, nowMs).size === 1;

test.each<readonly [string, Partial<Incident>, boolean]>([
  ['an incident that goes on', { isOpen: true, sources: ['gpu_lost'] }, true],
  ['one that is over', { endMs: nowMs - 1 }, false],
  ['one that is over only later', { endMs: nowMs + 1 }, true],
  ['one that has not begun', { startMs: nowMs + 1, isOpen: true }, false],
  ['an XID of which nobody knows the end', {}, false],
  ['a ticket of yesterday without an end', { sources: ['ticket'] }, true],
  ['a ticket of last week without an end', { sources: ['ticket'], startMs: nowMs - 7 * dayMs }, false],
])('%s', (_what, more, expected) => {
  expect(isOut([incident(more)])).toBe(expected);
});

test('what the inventory has taken out of service is out until it is put back', () => {
  expect(isOut([], [{ entity, fromMs: nowMs - 1, untilMs: undefined }])).toBe(true);
  expect(isOut([], [{ entity, fromMs: nowMs - 2, untilMs: nowMs - 1 }])).toBe(false);
});
