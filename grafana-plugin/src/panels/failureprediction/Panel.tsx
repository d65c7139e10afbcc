import { LoadingState, type PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { LoadingPlaceholder } from '@grafana/ui';
import React from 'react';
import { useHeld } from './hooks/use-held';
import { useRiskData } from './hooks/use-risk-data';
import { addressKeyOf, heldHorizon, type Options } from './options';
import { Filled } from './view/Filled';
import { Nothing } from './view/Nothing';

/** Who is likeliest to fail, how sure that is, why, and what to do. */
export function Panel(props: PanelProps<Options>) {
  const { data, options, replaceVariables } = props;
  const [held, chooseHorizon] = useHeld(
    heldHorizon(replaceVariables(options.horizon)),
    addressKeyOf(options.horizon, options.horizonKey),
  );
  const horizon = heldHorizon(held);
  const risk = useRiskData(data);
  if (risk.rows.length > 0) return <Filled {...props} risk={risk} horizon={horizon} onHorizon={chooseHorizon} />;
  const isComing = data.state === LoadingState.Loading || risk.said.isLoading;
  if (isComing) return <LoadingPlaceholder text={t('failure.loading', 'Asking …')} />;
  return <Nothing {...props} fleet={risk.fleet} />;
}
