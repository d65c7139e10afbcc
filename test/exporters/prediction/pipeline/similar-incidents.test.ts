import { byHorizon } from '../../../../exporters/prediction/horizon.ts';
import type { PastIncident } from '../../../../exporters/prediction/pipeline/model-set.ts';
import { eventSigns, sharesOf } from '../../../../exporters/prediction/pipeline/past-incidents.ts';
import { similarIncidents } from '../../../../exporters/prediction/pipeline/similar-incidents.ts';
import type { Reason, Risk, RiskLayer } from '../../../../exporters/prediction/risk/risk.ts';
import { dayMs, gpu, incident, node, startMs } from '../fleet.ts';

const me = gpu('me');
const atMs = startMs + 100 * dayMs;

function riskOf(raising: Readonly<Record<string, number>>, layer: RiskLayer = 'learned'): Risk {
  const reasons = Object.entries(raising).map(
    ([feature, contribution]): Reason => ({ feature, value: 1, peerMedian: undefined, contribution }),
  );
  return {
    entity: me,
    atMs,
    probability: byHorizon(() => 0.1),
    layer: byHorizon(() => layer),
    reasons: byHorizon(() => reasons),
    rules: [],
  };
}

function past(name: string, signs: PastIncident['signs'], daysAgo = 10): PastIncident {
  return { incident: incident(gpu(name), atMs - daysAgo * dayMs), signs };
}

test('the incident that shares most comes first, with what it shares', () => {
  const models = {
    past: [past('a', { ecc: 0.1, heat: 0.9 }), past('b', { ecc: 0.8, pcie: 0.2 }), past('c', { fan: 1 })],
  };
  const found = similarIncidents(models, riskOf({ ecc: 3, heat: 1, fan: -2 }), []);
  expect(found.map(({ incident: each }) => each.entity.uuid)).toEqual(['GPU-b', 'GPU-a']);
  expect(found[0]).toMatchObject({ similarity: expect.closeTo(0.75 / (0.8 + 0.2 + 0.25), 9), shared: ['ecc'] });
  expect(found[1]?.shared).toEqual(['heat', 'ecc']);
});

test('what happened counts without a learned model, and features of the rate model do not', () => {
  const models = { past: [past('a', { xid_63: 1 }), past('b', { base_rate: 1 })] };
  const events = [{ entity: me, atMs: atMs - dayMs, kind: 'xid_63', weight: 0.3 }];
  const found = similarIncidents(models, riskOf({ base_rate: 5 }, 'rate'), events);
  expect(found).toEqual([{ incident: models.past[0]?.incident, similarity: 1, shared: ['xid_63'] }]);
});

test('what a model does not tell by name is no likeness', () => {
  const models = { past: [past('a', { training_average: 0.5, other_features: 0.5 })] };
  expect(similarIncidents(models, riskOf({ training_average: 2, other_features: 2 }), [])).toEqual([]);
});

test('incidents of nodes, and later ones, are no past of a GPU', () => {
  const ofNode = { incident: incident(node('n'), atMs - dayMs), signs: { ecc: 1 } };
  const later = { incident: incident(gpu('x'), atMs + 1), signs: { ecc: 1 } };
  expect(similarIncidents({ past: [ofNode, later] }, riskOf({ ecc: 1 }), [])).toEqual([]);
});

test('of equal ones the newest come first, and no more than asked for', () => {
  const models = { past: [past('old', { ecc: 1 }, 30), past('new', { ecc: 1 }, 3), past('mid', { ecc: 1 }, 9)] };
  const names = similarIncidents(models, riskOf({ ecc: 1 }), [], 2).map(({ incident: each }) => each.entity.uuid);
  expect(names).toEqual(['GPU-new', 'GPU-mid']);
});

test('events count for 30 days', () => {
  const event = (kind: string, ms: number) => ({ entity: me, atMs: ms, kind, weight: 1 });
  const events = [
    event('at', atMs),
    event('after', atMs + 1),
    event('old', atMs - 30 * dayMs),
    event('young', atMs - 30 * dayMs + 1),
  ];
  expect(eventSigns(events, atMs)).toEqual({ at: 1, young: 1 });
});

test('shares are of the five that raise it most, and add up to 1', () => {
  const raising = [8, 4, 2, -9, 1, 1, 1].map((contribution, at) => ({ feature: `f${at}`, contribution }));
  expect(sharesOf(raising)).toEqual({ f0: 0.5, f1: 0.25, f2: 0.125, f4: 0.0625, f5: 0.0625 });
  expect(sharesOf([{ feature: 'x', contribution: -1 }])).toEqual({});
});
