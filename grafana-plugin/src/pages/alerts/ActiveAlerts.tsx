import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import React, { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'react-router-dom';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import type { Row } from '../../scenes/rows';
import { useAnswer } from '../../services/use-answer';
import { Empty } from '../../states/Empty';
import { ServiceNotice } from '../../states/ServiceNotice';
import { AlertFilters } from './AlertFilters';
import { AlertGroupCard } from './AlertGroupCard';
import { filterIn, groupsOf, matching } from './alert-filter';
import type { activeQueries } from './alert-queries';
import { type ActiveAlert, readAlerts } from './alertmanager-alert';
import { SilenceForm } from './SilenceForm';

const question = { service: 'alertmanager', path: '/api/v2/alerts', read: readAlerts } as const;

/** What fires now, the worst first: from Alertmanager, or from Prometheus while that does not answer. */
export function ActiveAlerts({ readings, atMs }: ReadingsProps<keyof typeof activeQueries>) {
  const { value, problem, askAgain } = useAnswer(question);
  const { search } = useLocation();
  const [silenced, setSilenced] = useState<ActiveAlert>();
  useEffect(() => askAgain(), [atMs, askAgain]);
  const alerts = useMemo(
    () => (value ?? readings.firing.map(alertOfRow)).filter(({ labels }) => labels.severity !== 'none'),
    [value, readings],
  );
  const filter = filterIn(search);
  const groups = groupsOf(matching(alerts, filter));
  return (
    <div data-testid="active-alerts">
      {problem !== undefined && <ServiceNotice problem={problem} onRetry={askAgain} />}
      {problem !== undefined && value === undefined && (
        <Alert severity="info" title={t('alerts.fallback', 'These alerts are read from Prometheus')}>
          {t('alerts.fallbackHelp', 'Silences, and since when an alert fires, are known to Alertmanager alone.')}
        </Alert>
      )}
      <AlertFilters alerts={alerts} filter={filter} />
      {groups.length === 0 && (
        <Empty
          title={
            alerts.length === 0 ? t('alerts.none', 'No alert fires') : t('alerts.noMatch', 'No alert fits the filter')
          }
        />
      )}
      {groups.map((group) => (
        <AlertGroupCard
          key={`${group.alertname} ${group.severity}`}
          group={group}
          onSilence={value === undefined ? undefined : setSilenced}
        />
      ))}
      {silenced !== undefined && (
        <SilenceForm
          labels={silenced.labels}
          onClose={() => {
            setSilenced(undefined);
            askAgain();
          }}
        />
      )}
    </div>
  );
}

/** Prometheus knows neither annotations nor the beginning. */
function alertOfRow({ labels }: Row): ActiveAlert {
  const { __name__: _name, alertstate: _state, ...own } = labels;
  return {
    id: JSON.stringify(own),
    labels: own,
    summary: undefined,
    description: undefined,
    runbookUrl: undefined,
    sinceMs: undefined,
    state: 'active',
    silencedBy: [],
    inhibitedBy: [],
  };
}
