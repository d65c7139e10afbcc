import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React from 'react';
import { ServiceNotice } from '../../../states/ServiceNotice';
import type { Alert } from '../answers/alerts';
import { itemQuestion } from '../answers/item';
import { placeQuestion } from '../answers/place';
import { rackQuestion } from '../answers/rack';
import { relationsQuestion } from '../answers/relations';
import { AlertsSection } from './AlertsSection';
import { ChangesSection } from './ChangesSection';
import { FactsSection } from './FactsSection';
import { GoneItem } from './GoneItem';
import { ImpactSection } from './ImpactSection';
import { ItemHeader } from './ItemHeader';
import { MaintenanceSection } from './MaintenanceSection';
import { RackSection } from './RackSection';
import { RelationsSection } from './RelationsSection';
import { useFreshAnswer } from './use-fresh-answer';

interface Props {
  readonly id: number;
  /** Alerts that Prometheus tells, for where Alertmanager is not connected. */
  readonly series: readonly Alert[];
}

/** All there is to know of one item. */
export function ItemView({ id, series }: Props) {
  const styles = useStyles2(getStyles);
  const item = useFreshAnswer(itemQuestion(id));
  const isThere = item.value !== undefined;
  const place = useFreshAnswer(isThere ? placeQuestion(id) : undefined);
  const relations = useFreshAnswer(isThere ? relationsQuestion(id) : undefined);
  const isInRack = place.value?.rack !== undefined;
  const rack = useFreshAnswer(isInRack ? rackQuestion(id) : undefined);
  if (item.problem?.kind === 'not_found') return <GoneItem id={id} />;
  if (item.value === undefined)
    return item.problem === undefined ? (
      <LoadingPlaceholder text={t('cmdb.loading', 'Asking the inventory …')} />
    ) : (
      <ServiceNotice problem={item.problem} onRetry={item.askAgain} />
    );
  return (
    <article className={styles.view} data-testid="item" data-item={id} aria-busy={item.isLoading}>
      {item.problem !== undefined && <ServiceNotice problem={item.problem} onRetry={item.askAgain} />}
      <ItemHeader item={item.value} place={place} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <AlertsSection item={item.value} place={place.value} rack={rack.value} series={series} />
          <ImpactSection id={id} key={`impact-${id}`} />
          <RelationsSection item={item.value} answer={relations} key={`relations-${id}`} />
        </div>
        <div className={styles.column}>
          <FactsSection item={item.value} place={place.value} key={`facts-${id}`} />
          <MaintenanceSection item={item.value} key={`maintenance-${id}`} />
          {isInRack && <RackSection rack={rack} item={item.value} place={place.value} />}
          <ChangesSection id={id} key={`changes-${id}`} />
        </div>
      </div>
    </article>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    view: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), minWidth: 0 }),
    columns: css({
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(1.5),
      alignItems: 'start',
      '@container (min-width: 860px)': { gridTemplateColumns: 'minmax(0, 2fr) minmax(300px, 1fr)' },
    }),
    column: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), minWidth: 0 }),
  };
}
