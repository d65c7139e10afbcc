import * as registry from '@grafana/grafana-foundation-sdk/units';
import { grafanaUnit, grafanaUnits, panelUnitOf } from '../../dashboards/units.ts';

const known: ReadonlySet<unknown> = new Set(Object.values(registry));

test.each(Object.values(grafanaUnits))('Grafana knows %s', (id) => {
  expect(known.has(id)).toBe(true);
});

test('each id leads back to one unit', () => {
  expect(new Set(Object.values(grafanaUnits)).size).toBe(Object.keys(grafanaUnits).length);
  expect(panelUnitOf(grafanaUnit('ratio'))).toBe('ratio');
  expect(panelUnitOf('furlong')).toBeUndefined();
});
