import { css } from '@emotion/css';
import type { GrafanaTheme2, TimeZone } from '@grafana/data';
import { t } from '@grafana/i18n';
import { LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React, { useMemo } from 'react';
import { type Answer, useAnswer } from '../../../services/use-answer';
import { cardQuestion, explainQuestion, incidentsQuestion } from '../api/questions';
import { historyOf } from '../chart/history-of';
import { RiskChart } from '../chart/RiskChart';
import type { Reading } from '../frames/reading';
import type { Horizon } from '../horizon';
import { Reasons } from '../reasons/Reasons';
import type { Fleet } from '../rows/fleet';
import type { RiskRow } from '../rows/risk-row';
import { layerText } from '../texts/words';
import { Badge } from '../view/Badge';
import { Advice } from './Advice';
import { Figures } from './Figures';
import { Header } from './Header';
import { Incidents } from './Incidents';
import { ModelCard } from './ModelCard';
import { Section } from './Section';
import { TrackRecords } from './TrackRecords';

interface Props {
  readonly row: RiskRow;
  readonly fleet: Fleet;
  readonly total: number;
  readonly probabilities: readonly Reading[];
  readonly horizon: Horizon;
  readonly decimals: number | null | undefined;
  readonly runbooks: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly timeZone: TimeZone;
  /** False where the service has just said that it cannot be asked. */
  readonly isConnected: boolean;
  readonly onClose: () => void;
}

/** All that is known of one GPU. What the service adds comes when it comes; the rest is there at once. */
export function Detail(props: Props) {
  const { row, fleet, horizon, isConnected, timeZone, fromMs, toMs } = props;
  const styles = useStyles2(getStyles);
  const explained = useAnswer(isConnected ? explainQuestion(row.uuid, row.cluster) : undefined);
  const incidents = useAnswer(isConnected ? incidentsQuestion(row.uuid, row.cluster, fromMs) : undefined);
  const card = useAnswer(isConnected ? cardQuestion(horizon) : undefined);
  const history = useMemo(() => historyOf(props.probabilities, row.key), [props.probabilities, row.key]);
  const layer = row.layer[horizon] ?? fleet.layer[horizon];
  return (
    <div
      className={styles.detail}
      data-testid="failure-detail"
      role="region"
      aria-label={t('failure.detail', 'One GPU')}
    >
      <Header row={row} onClose={props.onClose} />
      <Figures row={row} fleet={fleet} total={props.total} horizon={horizon} decimals={props.decimals} />
      <Advice row={row} runbooks={props.runbooks} />
      <Section title={t('failure.chart', 'Risk over time')} testId="failure-history">
        {history.lines.length === 0 ? (
          <div className={styles.faint} data-testid="failure-no-history">
            {t(
              'failure.chart.none',
              'No forecasts of this GPU over the time range. The panel needs a query over time for it, such as prediction_failure_probability with uuid="$gpu".',
            )}
          </div>
        ) : (
          <RiskChart
            history={history}
            horizon={horizon}
            failures={fleet.knownFailures}
            base={fleet.baseProbability[horizon]}
            incidents={(incidents.value ?? []).filter(({ startMs }) => startMs >= fromMs && startMs <= toMs)}
            fromMs={fromMs}
            toMs={toMs}
            timeZone={timeZone}
          />
        )}
      </Section>
      <Section title={t('failure.reasons', 'Why')} testId="failure-why">
        <Said answer={explained} isConnected={isConnected}>
          {(value) => <Reasons contributions={value.contributions[horizon] ?? []} />}
        </Said>
      </Section>
      <Section title={t('failure.incidents', 'Its incidents in this time')} testId="failure-incidents">
        <Said answer={incidents} isConnected={isConnected}>
          {(value) => (
            <Incidents incidents={value} timeZone={timeZone} none={t('failure.incidents.none', 'None is known.')} />
          )}
        </Said>
      </Section>
      {(explained.value?.similar.length ?? 0) > 0 && (
        <Section title={t('failure.similar', 'Incidents that began like this')} testId="failure-similar">
          <Incidents incidents={explained.value?.similar ?? []} timeZone={timeZone} none="" />
        </Section>
      )}
      <Section title={t('failure.record', 'How good it has been')} testId="failure-records">
        <TrackRecords records={fleet.trackRecords[horizon] ?? []} />
      </Section>
      <Section
        title={t('failure.card', 'Model card')}
        aside={layer === undefined ? undefined : <Badge text={layerText(layer).name} about={layerText(layer).about} />}
        testId="failure-model-card"
      >
        {card.problem?.kind === 'not_found' ? (
          <div className={styles.faint} data-testid="failure-card-prior">
            {layerText('prior').about}
          </div>
        ) : (
          <Said answer={card} isConnected={isConnected}>
            {(value) => <ModelCard card={value} probability={row.probability[horizon]} timeZone={timeZone} />}
          </Said>
        )}
      </Section>
    </div>
  );
}

interface SaidProps<T> {
  readonly answer: Answer<T>;
  readonly isConnected: boolean;
  readonly children: (value: T) => React.ReactNode;
}

/** What the service adds, or that it is on its way, or that it is not to be had. */
function Said<T>({ answer, isConnected, children }: SaidProps<T>) {
  const styles = useStyles2(getStyles);
  if (answer.value !== undefined) return <>{children(answer.value)}</>;
  if (answer.isLoading) return <LoadingPlaceholder text={t('failure.loading', 'Asking …')} />;
  const text =
    answer.problem?.kind === 'not_found'
      ? t('failure.unknown', 'The prediction service knows no such GPU now.')
      : isConnected && answer.problem !== undefined
        ? t('failure.broken', 'No answer: {{why}}', { why: answer.problem.detail ?? answer.problem.kind })
        : t('failure.needsService', 'Comes with the prediction service.');
  return (
    <div className={styles.faint} data-testid="failure-needs-service">
      {text}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    detail: css({ flex: 1, minHeight: 0, minWidth: 0, overflowY: 'auto', padding: theme.spacing(0, 1) }),
    faint: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  };
}
