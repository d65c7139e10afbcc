import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { type Affected, type Impact, impactQuestion } from '../answers/impact';
import { listedClass, nextLimit, visibleRows } from '../models/impact-list';
import { classText } from '../texts/class-text';
import { ItemLink } from './ItemLink';
import { Section } from './Section';
import { TenantTable } from './TenantTable';
import { useFreshAnswer } from './use-fresh-answer';

/** What breaks if the item fails: counts of all, and a list that grows as it is asked for. */
export function ImpactSection({ id }: { readonly id: number }) {
  const [chosen, setChosen] = useState<string>();
  const [rows, setRows] = useState(visibleRows);
  const counts = useFreshAnswer(impactQuestion(id, { classes: ['application'], limit: visibleRows }));
  const listed = listedClass(counts.value?.classes ?? [], chosen);
  const isOther = counts.value !== undefined && (listed !== 'application' || rows > visibleRows);
  const classes = listed === undefined ? [] : [listed];
  const others = useFreshAnswer(isOther ? impactQuestion(id, { classes, limit: nextLimit(rows) }) : undefined);
  const list = isOther ? others : counts;
  const choose = (itemClass: string) => {
    setChosen(itemClass);
    setRows(visibleRows);
  };
  return (
    <Section title={t('cmdb.impact.title', 'What breaks if it fails')} testId="impact" answer={counts}>
      {counts.value !== undefined && <Counts impact={counts.value} listed={listed} onChoose={choose} />}
      {list.problem !== undefined && list !== counts && <div>{list.problem.detail}</div>}
      {list.value !== undefined && counts.value !== undefined && (
        <AffectedList
          affected={list.value.affected.filter((each) => each.id !== id)}
          rows={rows}
          isTruncated={list.value.isTruncated}
          onMore={() => setRows(rows + visibleRows)}
        />
      )}
    </Section>
  );
}

interface CountsProps {
  readonly impact: Impact;
  readonly listed: string | undefined;
  readonly onChoose: (itemClass: string) => void;
}

function Counts({ impact, listed, onChoose }: CountsProps) {
  const styles = useStyles2(getStyles);
  const others = impact.down + impact.degraded - 1;
  if (others <= 0)
    return (
      <div data-testid="impact-none">
        {t('cmdb.impact.none', 'Nothing else that is known would be down or degraded.')}
      </div>
    );
  return (
    <>
      <div className={styles.sum} data-testid="impact-sum">
        {t('cmdb.impact.sum', '{{down}} other items would be down, {{degraded}} degraded.', {
          down: Math.max(0, impact.down - 1),
          degraded: impact.degraded,
        })}
      </div>
      <TenantTable tenants={impact.tenants} />
      <fieldset className={styles.classes} aria-label={t('cmdb.impact.classes', 'Which items are listed')}>
        {impact.classes.map((each) => (
          <Button
            key={each.class}
            size="sm"
            variant={each.class === listed ? 'primary' : 'secondary'}
            fill="outline"
            aria-pressed={each.class === listed}
            onClick={() => onChoose(each.class)}
          >
            {`${classText(each.class)} ${each.down + each.degraded}`}
          </Button>
        ))}
      </fieldset>
    </>
  );
}

interface ListProps {
  readonly affected: readonly Affected[];
  readonly rows: number;
  readonly isTruncated: boolean;
  readonly onMore: () => void;
}

function AffectedList({ affected, rows, isTruncated, onMore }: ListProps) {
  const styles = useStyles2(getStyles);
  const hasMore = affected.length > rows || isTruncated;
  if (affected.length === 0) return null;
  return (
    <section className={styles.scroll} aria-label={t('cmdb.impact.list', 'Affected items')}>
      <ul className={styles.list} data-testid="impact-list">
        {affected.slice(0, rows).map((each) => (
          <li key={each.id} className={styles.row}>
            <span className={each.impact === 'down' ? styles.down : styles.degraded}>
              {each.impact === 'down' ? t('cmdb.impact.down', 'down') : t('cmdb.impact.degraded', 'degraded')}
            </span>
            <ItemLink item={each} />
            <span className={styles.path}>{via(each)}</span>
          </li>
        ))}
      </ul>
      {hasMore && (
        <Button size="sm" variant="secondary" fill="text" onClick={onMore} data-testid="impact-more">
          {t('cmdb.impact.more', 'Show more')}
        </Button>
      )}
    </section>
  );
}

/** The steps between what fails and what is affected. */
function via({ path }: Affected): string {
  const names = path.slice(1, -1).map(({ name }) => name);
  return names.length > 4 ? [...names.slice(0, 2), '…', ...names.slice(-1)].join(' › ') : names.join(' › ');
}

function getStyles(theme: GrafanaTheme2) {
  return {
    sum: css({ marginBottom: theme.spacing(1) }),
    classes: css({
      display: 'flex',
      flexWrap: 'wrap',
      gap: theme.spacing(0.5),
      margin: theme.spacing(1, 0),
      padding: 0,
      border: 0,
      minWidth: 0,
    }),
    scroll: css({
      maxHeight: 360,
      overflowY: 'auto',
    }),
    list: css({ listStyle: 'none', margin: 0, padding: 0 }),
    row: css({
      display: 'flex',
      flexWrap: 'wrap',
      columnGap: theme.spacing(1),
      padding: theme.spacing(0.25, 0),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
    }),
    down: css({ color: theme.colors.error.text, minWidth: 64 }),
    degraded: css({ color: theme.colors.warning.text, minWidth: 64 }),
    path: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary, overflowWrap: 'anywhere' }),
  };
}
