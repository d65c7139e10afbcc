import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** What the figures below are, and what they are not. */
  readonly hint?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, hint, actions, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.box} aria-label={title}>
      <div className={styles.heading}>
        <h2 className={styles.title}>{title}</h2>
        {actions}
      </div>
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      {children}
    </section>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    box: css({
      background: theme.colors.background.primary,
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      padding: theme.spacing(2),
      minWidth: 0,
    }),
    heading: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), justifyContent: 'space-between' }),
    title: css({ ...theme.typography.h4, margin: 0 }),
    hint: css({ color: theme.colors.text.secondary, margin: theme.spacing(0.5, 0, 1) }),
  };
}
