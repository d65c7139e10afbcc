import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, type BadgeColor, Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { serviceName } from '../../../services/service-name';
import { problemText } from '../../../states/problem-text';
import { type Alert, alertsQuestion } from '../answers/alerts';
import type { Item } from '../answers/item';
import type { Place } from '../answers/place';
import type { Rack } from '../answers/rack';
import { alertFilter, matching, sortAlerts } from '../models/alerts-of-item';
import { Section } from './Section';
import { useFreshAnswer } from './use-fresh-answer';
import { When } from './When';

interface Props {
  readonly item: Item;
  readonly place: Place | undefined;
  readonly rack: Rack | undefined;
  readonly series: readonly Alert[];
}

/** What fires on the item. Asked of Alertmanager, which knows silences; else what the query of the panel says. */
export function AlertsSection({ item, place, rack, series }: Props) {
  const filter = place === undefined ? undefined : alertFilter(item, place, rack);
  const answer = useFreshAnswer(filter === undefined ? undefined : alertsQuestion(filter.matcher));
  if (filter === undefined) return null;
  const alerts = sortAlerts(answer.value ?? matching(series, filter));
  const own = alerts.filter(filter.isOwn);
  const around = item.class === 'application' ? [] : alerts.filter((alert) => !filter.isOwn(alert));
  const isKnown = answer.value !== undefined || series.length > 0;
  return (
    <Section title={t('cmdb.alerts.title', 'Active alerts')} testId="alerts">
      {answer.problem !== undefined && <Absence kind={answer.problem.kind} hasSeries={series.length > 0} />}
      {isKnown && alerts.length === 0 && <div data-testid="alerts-none">{t('cmdb.alerts.none', 'None fires.')}</div>}
      <AlertList alerts={own} />
      {around.length > 0 && (
        <>
          <div>{t('cmdb.alerts.around', 'On the machine that it is in:')}</div>
          <AlertList alerts={around} />
        </>
      )}
    </Section>
  );
}

/** Alerts are one part of many here, so that their absence is said in small print. */
function Absence({
  kind,
  hasSeries,
}: {
  readonly kind: Parameters<typeof problemText>[0];
  readonly hasSeries: boolean;
}) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.absence} role="status" data-testid="alerts-problem">
      {problemText(kind, serviceName('alertmanager')).title}.{' '}
      {hasSeries
        ? t('cmdb.alerts.fromSeries', 'These are the alerts of Prometheus; silences are not known.')
        : t('cmdb.alerts.unknown', 'Whether alerts fire is not known here.')}
    </div>
  );
}

const colours: Readonly<Record<string, BadgeColor>> = { critical: 'red', warning: 'orange', info: 'blue' };
const shownAtFirst = 5;
const mostShown = 100;

function AlertList({ alerts }: { readonly alerts: readonly Alert[] }) {
  const styles = useStyles2(getStyles);
  const [isAll, setIsAll] = useState(false);
  if (alerts.length === 0) return null;
  const shown = alerts.slice(0, isAll ? mostShown : shownAtFirst);
  return (
    <ul className={styles.list} data-testid="alert-list">
      {shown.map((alert) => (
        <li key={JSON.stringify(alert.labels)} className={styles.alert}>
          <Badge color={colours[alert.labels.severity ?? ''] ?? 'darkgrey'} text={alert.labels.severity ?? '–'} />
          <strong className={styles.name}>{alert.labels.alertname}</strong>
          <span className={styles.quiet}>
            {alert.startsAt !== undefined && <When at={alert.startsAt} />}
            {alert.isSilenced && ` · ${t('cmdb.alerts.silenced', 'silenced')}`}
            {alert.isInhibited && ` · ${t('cmdb.alerts.inhibited', 'told by another alert')}`}
          </span>
          <div className={styles.text}>{alert.annotations.description ?? alert.annotations.summary}</div>
        </li>
      ))}
      {alerts.length > shown.length && (
        <li>
          <Button size="sm" variant="secondary" fill="text" onClick={() => setIsAll(true)} disabled={isAll}>
            {t('cmdb.alerts.more', 'and {{count}} more', { count: alerts.length - shown.length })}
          </Button>
        </li>
      )}
    </ul>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({ listStyle: 'none', margin: 0, padding: 0 }),
    alert: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      columnGap: theme.spacing(1),
      padding: theme.spacing(0.5, 0),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    }),
    name: css({ overflowWrap: 'anywhere' }),
    quiet: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    text: css({ flexBasis: '100%', ...theme.typography.bodySmall }),
    absence: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
  };
}
