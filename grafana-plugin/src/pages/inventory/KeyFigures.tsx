import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { ClassOverview, Overview } from './answers/overview';

export function KeyFigures({ overview: { items, classes, racks } }: { readonly overview: Overview }) {
  const styles = useStyles2(getStyles);
  const totalOf = (wanted: string) => classes.find((each) => each.class === wanted)?.total ?? 0;
  const sum = (count: (each: ClassOverview) => number) => classes.reduce((total, each) => total + count(each), 0);
  const failed = sum(({ states }) => (states.failed ?? 0) + (states.rma ?? 0));
  const missing = sum((each) => each.missing);
  const figures = [
    { name: t('inventory.figure.items', 'Items'), value: items },
    { name: t('inventory.figure.racks', 'Racks'), value: racks.length },
    { name: t('inventory.figure.servers', 'Servers'), value: totalOf('server') },
    { name: t('inventory.figure.gpus', 'GPUs'), value: totalOf('gpu') },
    { name: t('inventory.figure.failed', 'Failed'), value: failed, isBad: failed > 0 },
    { name: t('inventory.figure.maintenance', 'In maintenance'), value: sum(({ states }) => states.maintenance ?? 0) },
    { name: t('inventory.figure.missing', 'Missing'), value: missing, isBad: missing > 0 },
  ];
  return (
    <dl className={styles.figures} data-testid="key-figures">
      {figures.map(({ name, value, isBad }) => (
        <div key={name} className={styles.figure}>
          <dt className={styles.name}>{name}</dt>
          <dd className={isBad === true ? styles.bad : styles.value}>{value.toLocaleString()}</dd>
        </div>
      ))}
    </dl>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const value = { ...theme.typography.h3, margin: 0, fontVariantNumeric: 'tabular-nums' } as const;
  return {
    figures: css({
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(104px, 1fr))',
      gap: theme.spacing(1),
      margin: 0,
    }),
    figure: css({
      padding: theme.spacing(1),
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      background: theme.colors.background.primary,
    }),
    name: css({
      ...theme.typography.bodySmall,
      color: theme.colors.text.secondary,
      fontWeight: theme.typography.fontWeightRegular,
      margin: 0,
    }),
    value: css(value),
    bad: css({ ...value, color: theme.colors.error.text }),
  };
}
