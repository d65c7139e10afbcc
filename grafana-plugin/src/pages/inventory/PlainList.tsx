import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React, { Children, type ReactNode } from 'react';

interface Props {
  /** Of all, also where not all are listed. */
  readonly total: number;
  readonly children: ReactNode;
}

export function PlainList({ total, children }: Props) {
  const styles = useStyles2(getStyles);
  const entries = Children.toArray(children);
  return (
    <ul className={styles.list}>
      {entries.map((entry, index) => (
        <li key={index} className={styles.entry}>
          {entry}
        </li>
      ))}
      {total > entries.length && (
        <li className={styles.entry}>{t('inventory.more', 'and {{count}} more', { count: total - entries.length })}</li>
      )}
    </ul>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({ listStyle: 'none', margin: 0, padding: 0 }),
    entry: css({
      padding: theme.spacing(0.5, 0),
      overflowWrap: 'anywhere',
      '& + &': { borderTop: `1px solid ${theme.colors.border.weak}` },
      small: { color: theme.colors.text.secondary },
    }),
  };
}
