import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly children?: ReactNode;
}

/** Says that there is nothing, and what would have to be so that there were something. */
export function Empty({ title, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.box} role="status" data-testid="empty">
      <div className={styles.title}>{title}</div>
      {children}
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    box: css({ width: '100%', padding: theme.spacing(4, 2), textAlign: 'center', color: theme.colors.text.secondary }),
    title: css({ ...theme.typography.h5, color: theme.colors.text.primary, marginBottom: theme.spacing(1) }),
  };
}
