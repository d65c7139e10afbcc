import { LoadingState, type PanelProps } from '@grafana/data';
import React from 'react';
import { Detail } from '../detail/Detail';
import type { RiskData } from '../hooks/use-risk-data';
import type { Horizon } from '../horizon';
import type { Options } from '../options';
import type { RiskRow } from '../rows/risk-row';
import { NotThere } from './NotThere';

interface Props extends Pick<PanelProps<Options>, 'data' | 'options' | 'fieldConfig' | 'timeRange' | 'timeZone'> {
  /** What was asked for, which may be nobody. */
  readonly name: string;
  readonly chosen: RiskRow | undefined;
  readonly risk: RiskData;
  readonly horizon: Horizon;
  readonly isConnected: boolean;
  readonly onClose: () => void;
}

export function Side(props: Props) {
  const { data, name, chosen, risk, horizon, isConnected, onClose, options, fieldConfig, timeRange, timeZone } = props;
  if (chosen === undefined) return <NotThere name={name} onClose={onClose} />;
  return (
    <Detail
      key={chosen.key}
      row={chosen}
      fleet={risk.fleet}
      total={risk.rows.length}
      probabilities={risk.probabilities}
      horizon={horizon}
      decimals={fieldConfig.defaults.decimals}
      runbooks={options.runbooks}
      fromMs={timeRange.from.valueOf()}
      toMs={timeRange.to.valueOf()}
      timeZone={timeZone}
      isConnected={isConnected}
      isLoading={data.state === LoadingState.Loading}
      onClose={onClose}
    />
  );
}
