import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

/** Parts beside each other where there is room for two. */
export function TwoColumns({ children }: { readonly children: ReactNode }) {
  const styles = useStyles2(getStyles);
  return <div className={styles.grid}>{children}</div>;
}

function getStyles(theme: GrafanaTheme2) {
  return {
    grid: css({
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 440px), 1fr))',
      gap: theme.spacing(2),
      h3: { ...theme.typography.h5, margin: theme.spacing(0, 0, 1) },
      '> *': { minWidth: 0 },
    }),
  };
}
