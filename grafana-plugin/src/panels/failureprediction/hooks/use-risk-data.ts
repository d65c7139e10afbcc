import type { PanelData } from '@grafana/data';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type Answer, useAnswer } from '../../../services/use-answer';
import { risksQuestion } from '../api/questions';
import type { SaidRisks } from '../api/read-risk';
import type { Reading } from '../frames/reading';
import { readingsOf } from '../frames/readings-of';
import { seriesOf } from '../frames/series-of';
import type { Fleet } from '../rows/fleet';
import { fleetOfSeries } from '../rows/fleet-of';
import type { RiskRow } from '../rows/risk-row';
import { withSaid } from '../rows/with-said';
import { NEEDED } from '../series-names';

export interface RiskData {
  readonly fleet: Fleet;
  readonly rows: readonly RiskRow[];
  /** Probabilities as they came, with their points over time. */
  readonly probabilities: readonly Reading[];
  readonly said: Answer<SaidRisks>;
  /** The end of what is shown, and never in the future. */
  readonly nowMs: number;
}

export function useRiskData(data: PanelData): RiskData {
  const { series, timeRange } = data;
  const found = useMemo(() => seriesOf(readingsOf(series)), [series]);
  const fleet = useMemo(() => fleetOfSeries(found), [found]);
  const said = useAnswer(risksQuestion);
  useAgain(series, said.askAgain);
  const rows = useMemo(() => withSaid(fleet.rows, said.value), [fleet, said.value]);
  const toMs = timeRange.to.valueOf();
  const nowMs = Math.min(useAskedAt(series), toMs);
  return { fleet, rows, probabilities: found.byName.get(NEEDED) ?? [], said, nowMs };
}

/** When an answer came: ages are told as of then. */
function useAskedAt(series: unknown): number {
  const [asked, setAsked] = useState(() => ({ series, atMs: Date.now() }));
  useEffect(() => {
    setAsked((before) => (before.series === series ? before : { series, atMs: Date.now() }));
  }, [series]);
  return asked.atMs;
}

const leastMs = 10_000;

/** The service is asked again whenever Prometheus was, but not for each of many quick refreshes. */
function useAgain(series: unknown, askAgain: () => void): void {
  const last = useRef<{ series: unknown; atMs: number }>(undefined);
  useEffect(() => {
    const { current } = last;
    if (current?.series === series) return;
    if (current !== undefined && Date.now() - current.atMs < leastMs) return;
    last.current = { series, atMs: Date.now() };
    if (current !== undefined) askAgain();
  }, [series, askAgain]);
}
