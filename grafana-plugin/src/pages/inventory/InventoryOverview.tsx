import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { changesQuestion } from '../../panels/cmdblookup/answers/changes';
import { ChangeList } from '../../panels/cmdblookup/components/ChangeList';
import { Section } from '../../panels/cmdblookup/components/Section';
import { useFreshAnswer } from '../../panels/cmdblookup/components/use-fresh-answer';
import { ServiceNotice } from '../../states/ServiceNotice';
import { overviewQuestion } from './answers/overview';
import { ClassTable } from './ClassTable';
import { DriftList } from './DriftList';
import { FindingList } from './FindingList';
import { KeyFigures } from './KeyFigures';
import { RackMap } from './RackMap';
import { SourceTable } from './SourceTable';
import { WindowList } from './WindowList';

interface Props {
  readonly site: readonly string[];
  readonly cluster: readonly string[];
}

/** What is there and what needs somebody, where nothing is chosen yet. */
export function InventoryOverview({ site, cluster }: Props) {
  const styles = useStyles2(getStyles);
  const overview = useFreshAnswer(overviewQuestion(site, cluster));
  const isAnswered = overview.value !== undefined;
  const changes = useFreshAnswer(isAnswered ? changesQuestion(8) : undefined);
  // One notice is enough where the inventory does not answer at all.
  if (overview.problem !== undefined && !isAnswered)
    return <ServiceNotice problem={overview.problem} onRetry={overview.askAgain} />;
  return (
    <div className={styles.page} data-testid="inventory-overview">
      {overview.value !== undefined && <KeyFigures overview={overview.value} />}
      <Section title={t('inventory.racks', 'Racks')} testId="racks" answer={overview}>
        {overview.value !== undefined && <RackMap overview={overview.value} />}
      </Section>
      {isAnswered && (
        <div className={styles.columns}>
          <div className={styles.column}>
            <FindingList />
            <DriftList />
            <WindowList />
            <SourceTable />
          </div>
          <div className={styles.column}>
            <Section title={t('inventory.classes', 'Items')} testId="classes">
              <ClassTable classes={overview.value?.classes ?? []} />
            </Section>
            <Section title={t('inventory.changes', 'Recent changes')} testId="changes" answer={changes}>
              {changes.value !== undefined && <ChangeList changes={changes.value} />}
            </Section>
          </div>
        </div>
      )}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const gap = theme.spacing(1.5);
  return {
    page: css({ display: 'flex', flexDirection: 'column', gap, minWidth: 0 }),
    columns: css({
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap,
      alignItems: 'start',
      '@container (min-width: 860px)': { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)' },
    }),
    column: css({ display: 'flex', flexDirection: 'column', gap, minWidth: 0 }),
  };
}
