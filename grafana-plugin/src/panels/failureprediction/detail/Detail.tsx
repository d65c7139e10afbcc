import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { useAnswer } from '../../../services/use-answer';
import { explainQuestion, incidentsQuestion } from '../api/questions';
import { Reasons } from '../reasons/Reasons';
import { Advice } from './Advice';
import { CardSection } from './CardSection';
import type { DetailProps } from './detail-props';
import { Figures } from './Figures';
import { Header } from './Header';
import { HistorySection } from './HistorySection';
import { Incidents } from './Incidents';
import { Said } from './Said';
import { Section } from './Section';
import { TrackRecords } from './TrackRecords';

/** All that is known of one GPU. What the service adds comes when it comes; the rest is there at once. */
export function Detail(props: DetailProps) {
  const { row, fleet, horizon, isConnected, timeZone, fromMs } = props;
  const styles = useStyles2(getStyles);
  const explained = useAnswer(isConnected ? explainQuestion(row.uuid, row.cluster) : undefined);
  const incidents = useAnswer(isConnected ? incidentsQuestion(row.uuid, row.cluster, fromMs) : undefined);
  const similar = explained.value?.similar ?? [];
  return (
    <section className={styles.detail} data-testid="failure-detail" aria-label={t('failure.detail', 'One GPU')}>
      <Header row={row} onClose={props.onClose} />
      <Figures row={row} fleet={fleet} total={props.total} horizon={horizon} decimals={props.decimals} />
      <Advice row={row} runbooks={props.runbooks} />
      <HistorySection {...props} incidents={incidents.value ?? []} />
      <Section title={t('failure.reasons.title', 'Why')} testId="failure-why">
        <Said answer={explained}>{(value) => <Reasons contributions={value.contributions[horizon] ?? []} />}</Said>
      </Section>
      <Section title={t('failure.incident.own', 'Its incidents in this time')} testId="failure-incidents">
        <Said answer={incidents}>
          {(value) => (
            <Incidents incidents={value} timeZone={timeZone} none={t('failure.incident.none', 'None is known.')} />
          )}
        </Said>
      </Section>
      {similar.length > 0 && (
        <Section title={t('failure.incident.similar', 'Incidents that began like this')} testId="failure-similar">
          <Incidents incidents={similar} timeZone={timeZone} none="" />
        </Section>
      )}
      <Section title={t('failure.record.title', 'How good it has been')} testId="failure-records">
        <TrackRecords records={fleet.trackRecords[horizon] ?? []} />
      </Section>
      <CardSection {...props} />
    </section>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    detail: css({ flex: 1, minHeight: 0, minWidth: 0, overflowY: 'auto', padding: theme.spacing(0, 1) }),
  };
}
