import type { FieldConfigSource } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { useMemo } from 'react';
import { readThresholds, scaleOf } from '../colour/scale';
import type { Horizon } from '../horizon';
import type { Options } from '../options';
import type { RiskRow } from '../rows/risk-row';
import type { CellContext } from '../table/Cell';
import type { RiskData } from './use-risk-data';
import { useTopReasons } from './use-top-reasons';

interface Input {
  readonly options: Options;
  readonly fieldConfig: FieldConfigSource;
  readonly risk: RiskData;
  readonly horizon: Horizon;
  readonly shown: readonly RiskRow[];
  readonly isConnected: boolean;
}

/** What all cells have in common, and what of the thresholds could not be read. */
export function useCellContext({ options, fieldConfig, risk, horizon, shown, isConnected }: Input) {
  const { isDark } = useTheme2();
  const { bounds, wrong } = useMemo(() => readThresholds(options.thresholds), [options.thresholds]);
  const base = risk.fleet.baseProbability[horizon];
  const scale = useMemo(
    () => scaleOf({ mode: isDark ? 'dark' : 'light', thresholds: bounds, base }),
    [isDark, bounds, base],
  );
  const topReasons = useTopReasons(shown, horizon, isConnected);
  const { decimals, noValue = '' } = fieldConfig.defaults;
  const { nowMs } = risk;
  const staleMs = options.staleMinutes * 60_000;
  const context = useMemo<CellContext>(
    () => ({ horizon, scale, decimals, noValue, nowMs, staleMs, topReasons }),
    [horizon, scale, decimals, noValue, nowMs, staleMs, topReasons],
  );
  return { context, wrongThresholds: wrong };
}
