import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly testId: string;
  readonly children: ReactNode;
}

export function Section({ title, aside, testId, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.section} aria-label={title} data-testid={testId}>
      <div className={styles.head}>
        <h5 className={styles.title}>{title}</h5>
        {aside}
      </div>
      {children}
    </section>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    section: css({ padding: theme.spacing(1, 0), borderTop: `1px solid ${theme.colors.border.weak}` }),
    head: css({ display: 'flex', gap: theme.spacing(1), alignItems: 'center', marginBottom: theme.spacing(0.5) }),
    title: css({ ...theme.typography.h6, margin: 0 }),
  };
}
