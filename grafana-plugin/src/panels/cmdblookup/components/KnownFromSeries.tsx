import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { InfoFacts } from '../models/info-series';
import { classText } from '../texts/class-text';
import { Heading } from './Heading';

interface Props {
  readonly facts: readonly InfoFacts[];
}

/** What Prometheus knows of the item, while the inventory gives no answer. */
export function KnownFromSeries({ facts }: Props) {
  const styles = useStyles2(getStyles);
  if (facts.length === 0) return null;
  const terms: ReadonlyArray<readonly [label: string, text: string]> = [
    ['node', t('cmdb.series.node', 'Node')],
    ['site', t('cmdb.class.site', 'Site')],
    ['room', t('cmdb.class.room', 'Room')],
    ['rack', t('cmdb.class.rack', 'Rack')],
    ['tenant', t('cmdb.class.tenant', 'Tenant')],
    ['owner', t('cmdb.series.owner', 'Owner')],
    ['team', t('cmdb.class.team', 'Team')],
    ['model', t('cmdb.fact.model', 'Model')],
    ['serial', t('cmdb.fact.serial', 'Serial number')],
    ['state', t('cmdb.fact.state', 'State')],
  ];
  return (
    <div data-testid="known-from-series">
      <div className={styles.note}>{t('cmdb.series.note', 'From the series in Prometheus alone:')}</div>
      {facts.slice(0, 10).map(({ class: itemClass, name, labels }) => (
        <section key={`${itemClass} ${name}`}>
          <Heading className={styles.name}>
            {name} <span className={styles.note}>{classText(itemClass)}</span>
          </Heading>
          <dl className={styles.list}>
            {terms.map(([label, text]) => {
              const value = labels[label];
              return value === undefined || value === '' ? null : (
                <React.Fragment key={label}>
                  <dt className={styles.note}>{text}</dt>
                  <dd className={styles.value}>{value}</dd>
                </React.Fragment>
              );
            })}
          </dl>
        </section>
      ))}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    note: css({ ...theme.typography.bodySmall, color: theme.colors.text.secondary }),
    name: css({ ...theme.typography.h4, margin: 0, overflowWrap: 'anywhere' }),
    list: css({
      display: 'grid',
      gridTemplateColumns: 'max-content minmax(0, 1fr)',
      columnGap: theme.spacing(2),
      margin: 0,
    }),
    value: css({ margin: 0, overflowWrap: 'anywhere' }),
  };
}
