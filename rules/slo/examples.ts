import type { Expr } from '../../metrics/promql.ts';
import { verbatim } from '../../metrics/promql.ts';
import type { Alert, FiringExample } from '../alert.ts';
import type { BurnLevel } from './burn.ts';
import { outageMinutes } from './burn.ts';
import { objectiveOf, type Slo } from './objective.ts';

type Examples = Pick<Alert, 'fires' | 'quiet'>;
type Series = readonly (readonly [Expr, string])[];

interface Figures {
  readonly long: number;
  readonly short: number;
  readonly events: number;
  readonly sinceMinutes?: number;
}

/** Both sides of each condition of the alert: one cluster for each. */
export function burnExamples(slo: Slo, level: BurnLevel, limit: number): Examples {
  const youngMinutes = level.shortMinutes + 1;
  const minutes = youngMinutes + level.forMinutes + 5;
  const at = `${minutes}m` as const;
  const { events: leastEvents, bad: leastBad } = numbers(slo);
  const above = Math.min(1.05 * limit, (1 + limit) / 2);
  const many = Math.max(10 * leastEvents, Math.ceil((10 * leastBad) / limit));
  const fewestBad = leastBad / leastEvents;
  const fewRatio = fewestBad > limit ? fewestBad : (1 + limit) / 2;
  const measured = (cluster: string, figures: Figures): Series => recordedIn(slo, level, cluster, figures);
  return {
    fires: {
      when: 'Slightly more is bad than may be, of many events; elsewhere enough of the fewest events that count',
      series: [
        ...measured('c1', { long: above, short: above, events: many }),
        ...measured('c2', { long: Math.min(1, fewRatio), short: 1, events: leastEvents }),
      ],
      at,
      alerts: [exampleLabels(slo, 'c1'), exampleLabels(slo, 'c2')],
    },
    quiet: {
      when: 'It is over by the short window, or has just begun; exactly at the limit; too few events, or too few bad ones; nothing was measured before the short window',
      series: [
        ...measured('c1', { long: above, short: limit, events: many }),
        ...measured('c2', { long: limit, short: above, events: many }),
        ...measured('c3', { long: 1, short: 1, events: leastEvents - 1 }),
        ...measured('c4', { long: above, short: above, events: Math.floor(leastBad / above - 0.01) }),
        ...measured('c5', { long: 1, short: 1, events: many, sinceMinutes: minutes + 1 - level.shortMinutes }),
      ],
      at,
    },
  };
}

/** Events end; there were none before in another cluster, and in a third they come and only get fewer. */
export function absentExamples(slo: Slo): Examples {
  const events = (cluster: string, values: string): readonly [Expr, string] => [
    recordedSeries(slo, 'slo:events:increase5m', cluster),
    values,
  ];
  const at = `${30 + outageMinutes(objectiveOf(slo), slo.periodDays) + 5}m` as const;
  const alert: FiringExample['alerts'][number] = exampleLabels(slo, 'c1');
  return {
    fires: { when: 'What was counted has gone', series: [events('c1', '1x25 stale')], at, alerts: [alert] },
    quiet: {
      when: 'Nothing happens any more, which is known; and what has gone had never counted anything',
      series: [events('c1', '100x25 0x100'), events('c2', '0x25 stale')],
      at,
    },
  };
}

function recordedIn(slo: Slo, { long, short }: BurnLevel, cluster: string, figures: Figures): Series {
  const since = figures.sinceMinutes === undefined ? '' : `_x${figures.sinceMinutes} `;
  const values = (value: number): string => `${since}${value}x600`;
  return [
    [recordedSeries(slo, `slo:error_ratio:rate${long}`, cluster), values(figures.long)],
    [recordedSeries(slo, `slo:error_ratio:rate${short}`, cluster), values(figures.short)],
    [recordedSeries(slo, `slo:events:increase${long}`, cluster), values(figures.events)],
  ];
}

function recordedSeries(slo: Slo, name: string, cluster: string): Expr {
  const labels = Object.entries(exampleLabels(slo, cluster)).map(([label, value]) => `${label}="${value}"`);
  return verbatim(`${name}{${labels.join(',')}}`);
}

function exampleLabels({ name, by }: Slo, cluster: string): Readonly<Record<string, string>> {
  const others = by.filter((label) => label !== 'cluster').map((label) => [label, 'x']);
  return { cluster, ...Object.fromEntries(others), slo: name };
}

function numbers({ minimum: { events, bad } }: Slo): { readonly events: number; readonly bad: number } {
  const toNumber = (each: typeof events): number => (typeof each === 'number' ? each : each.value);
  return { events: toNumber(events), bad: toNumber(bad) };
}
