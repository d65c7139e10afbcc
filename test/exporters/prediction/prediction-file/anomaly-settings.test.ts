import { defaultAnomaly } from '../../../../exporters/prediction/anomaly/settings.ts';
import { readAnomalySettings } from '../../../../exporters/prediction/prediction-file/anomaly-settings.ts';

const read = (value: unknown) => readAnomalySettings({ value, where: 'prediction.yaml: anomaly' });

test('nothing, and an empty map, is the default', () => {
  expect([read(undefined), read(null), read({})]).toEqual([defaultAnomaly, defaultAnomaly, defaultAnomaly]);
});

test('what is given replaces the default', () => {
  const given = { step: '1m', refractory: '24h', budget: 0.2, min_peers: 4, fleet_share: 0.5, max_entities: 500 };
  expect(read(given)).toEqual({
    stepMs: 60_000,
    refractoryMs: 86_400_000,
    budgetPerEntityDay: 0.2,
    minPeers: 4,
    fleetShare: 0.5,
    maxEntities: 500,
  });
});

test.each([
  [{ step: '1s' }, 'anomaly.step must be a duration from 30s to 15m, got "1s"'],
  [{ step: 60 }, 'anomaly.step must be a duration'],
  [{ refractory: '3d' }, 'anomaly.refractory must be'],
  [{ budget: 0 }, 'anomaly.budget must be a number above 0'],
  [{ budget: 101 }, 'at most 100'],
  [{ fleet_share: 1.5 }, 'at most 1'],
  [{ min_peers: 2 }, 'anomaly.min_peers must be a whole number from 3 to 1000, got 2'],
  [{ max_entities: 1.5 }, 'whole number'],
  [{ windows: 3 }, 'unknown key windows'],
  ['5m', 'must be keys and values'],
])('%j is refused: %s', (value, message) => {
  expect(() => read(value)).toThrow(message);
});
