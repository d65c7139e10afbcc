import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import type { SaidIncident } from '../api/read-explained';
import { historyOf } from '../chart/history-of';
import { RiskChart } from '../chart/RiskChart';
import type { DetailProps } from './detail-props';
import { Section } from './Section';

interface Props extends DetailProps {
  readonly incidents: readonly SaidIncident[];
}

/** How the risk went, with the incidents that fall into the time. */
export function HistorySection({
  row,
  fleet,
  probabilities,
  horizon,
  incidents,
  isLoading,
  fromMs,
  toMs,
  timeZone,
}: Props) {
  const styles = useStyles2(getStyles);
  const history = useMemo(() => historyOf(probabilities, row.key), [probabilities, row.key]);
  return (
    <Section title={t('failure.chart.title', 'Risk over time')} testId="failure-history">
      {history.lines.length === 0 ? (
        <div className={styles.faint} data-testid="failure-no-history">
          {isLoading
            ? t('failure.loading', 'Asking …')
            : t(
                'failure.chart.none',
                'No forecasts of this GPU are known in this time range; try a shorter one. On a board of your own the panel needs a query over time, such as prediction_failure_probability with uuid="$gpu".',
              )}
        </div>
      ) : (
        <RiskChart
          history={history}
          horizon={horizon}
          failures={fleet.knownFailures}
          base={fleet.baseProbability[horizon]}
          incidents={incidents.filter(({ startMs }) => startMs >= fromMs && startMs <= toMs)}
          fromMs={fromMs}
          toMs={toMs}
          timeZone={timeZone}
        />
      )}
    </Section>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return { faint: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }) };
}
