import { t } from '@grafana/i18n';
import { Badge } from '@grafana/ui';
import React from 'react';
import { lasting } from '../../scenes/format';
import type { ReadingsProps } from '../../scenes/ReadingsView';
import { LineTable } from '../cards/LineTable';
import { TwoColumns } from '../cards/TwoColumns';
import { PlaceLink } from '../links/PlaceLink';
import { type reportQueries, stepSeconds } from './alert-queries';
import { type AlertFigures, alertFigures, type Total, totalsBy } from './alert-report';

/** Which alerts are noise: what fires most, how long, and what waits without ever firing. */
export function AlertReport({ readings }: ReadingsProps<keyof typeof reportQueries>) {
  const figures = alertFigures(readings, stepSeconds);
  return (
    <div data-testid="alert-report">
      <LineTable<AlertFigures>
        label={t('alerts.byAlert', 'By alert')}
        lines={figures}
        keyOf={({ alertname, severity, team, domain }) => JSON.stringify([alertname, severity, team, domain])}
        empty={t('alerts.nothingFired', 'No alert fired or waited in this time.')}
        columns={[
          {
            heading: t('alerts.alert', 'Alert'),
            cell: ({ alertname }) => <PlaceLink target={{ to: 'alerts', search: alertname }}>{alertname}</PlaceLink>,
          },
          {
            heading: t('alerts.severity', 'Severity'),
            cell: ({ severity }) => <Badge color="darkgrey" text={severity} />,
          },
          { heading: t('alerts.team', 'Team'), cell: ({ team }) => team },
          { heading: t('alerts.firings', 'Began to fire'), isNumber: true, cell: ({ firings }) => firings },
          {
            heading: t('alerts.fired', 'Fired for'),
            isNumber: true,
            cell: ({ firingSeconds }) => lasting(firingSeconds),
          },
          {
            heading: t('alerts.waited', 'Waited for'),
            isNumber: true,
            cell: ({ pendingSeconds }) => lasting(pendingSeconds),
          },
          {
            heading: t('alerts.pendingOnly', 'Waited in vain'),
            isNumber: true,
            cell: ({ pendingOnly }) => pendingOnly,
          },
        ]}
      />
      <TwoColumns>
        <Totals title={t('alerts.bySeverity', 'By severity')} totals={totalsBy(figures, 'severity')} />
        <Totals title={t('alerts.byTeam', 'By team')} totals={totalsBy(figures, 'team')} />
      </TwoColumns>
    </div>
  );
}

function Totals({ title, totals }: { readonly title: string; readonly totals: readonly Total[] }) {
  return (
    <section aria-label={title} style={{ marginTop: 16 }}>
      <h3>{title}</h3>
      <LineTable<Total>
        label={title}
        lines={totals}
        keyOf={({ name }) => name}
        empty={t('alerts.nothingFired', 'No alert fired or waited in this time.')}
        columns={[
          { heading: title, cell: ({ name }) => name },
          { heading: t('alerts.kinds', 'Alerts'), isNumber: true, cell: ({ alerts }) => alerts },
          { heading: t('alerts.firings', 'Began to fire'), isNumber: true, cell: ({ firings }) => firings },
          {
            heading: t('alerts.fired', 'Fired for'),
            isNumber: true,
            cell: ({ firingSeconds }) => lasting(firingSeconds),
          },
        ]}
      />
    </section>
  );
}
