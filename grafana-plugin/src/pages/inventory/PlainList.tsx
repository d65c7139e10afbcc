import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

interface Props {
  /** Entries that are not listed. */
  readonly left: number;
  readonly children: ReactNode;
}

export function PlainList({ left, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <ul className={styles.list}>
      {children}
      {left > 0 && <li>{t('inventory.more', 'and {{count}} more', { count: left })}</li>}
    </ul>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    list: css({
      listStyle: 'none',
      margin: 0,
      padding: 0,
      '& > li': { padding: theme.spacing(0.5, 0), overflowWrap: 'anywhere' },
      '& > li + li': { borderTop: `1px solid ${theme.colors.border.weak}` },
      small: { color: theme.colors.text.secondary },
    }),
  };
}
