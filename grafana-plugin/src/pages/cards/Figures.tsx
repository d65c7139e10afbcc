import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { useLocation } from 'react-router-dom';
import { linkTo, type Target } from '../links/page-links';

export type FigureLevel = 'neutral' | 'good' | 'warning' | 'bad';

export interface Figure {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** What the value is measured against, in few words. */
  readonly beside?: string;
  readonly level?: FigureLevel;
  readonly target?: Target;
}

/** Single figures with short names; each leads to where more of it is. */
export function Figures({ figures, label }: { readonly figures: readonly Figure[]; readonly label: string }) {
  const styles = useStyles2(getStyles);
  return (
    <ul className={styles.grid} aria-label={label}>
      {figures.map((figure) => (
        <li key={figure.id} className={styles.item}>
          <OneFigure {...figure} />
        </li>
      ))}
    </ul>
  );
}

function OneFigure({ id, label, value, beside, level = 'neutral', target }: Figure) {
  const styles = useStyles2(getStyles);
  const { search } = useLocation();
  const content = (
    <>
      <span className={styles.label}>{label}</span>
      <span className={cx(styles.value, styles[level])}>{value}</span>
      <span className={styles.beside}>{beside ?? '\u00a0'}</span>
    </>
  );
  const props = { className: cx(styles.card, target !== undefined && styles.link), 'data-testid': `figure-${id}` };
  if (target === undefined) return <div {...props}>{content}</div>;
  return (
    <a href={linkTo(target, search)} {...props}>
      {content}
    </a>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const { colors, spacing, typography, shape } = theme;
  return {
    grid: css({
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(132px, 1fr))',
      gap: spacing(1),
      listStyle: 'none',
      margin: 0,
      padding: 0,
    }),
    item: css({ minWidth: 0, display: 'flex' }),
    card: css({
      display: 'flex',
      flexDirection: 'column',
      flexGrow: 1,
      minWidth: 0,
      padding: spacing(1, 1.5),
      background: colors.background.primary,
      border: `1px solid ${colors.border.weak}`,
      borderRadius: shape.radius.default,
      color: colors.text.primary,
    }),
    link: css({
      '&:hover': { borderColor: colors.border.strong, color: colors.text.primary },
      '&:focus-visible': { outline: `2px solid ${colors.primary.main}`, outlineOffset: 2 },
    }),
    label: css({ ...typography.bodySmall, color: colors.text.secondary }),
    value: css({ ...typography.h3, margin: 0, overflowWrap: 'anywhere' }),
    beside: css({ ...typography.bodySmall, color: colors.text.secondary, overflowWrap: 'anywhere' }),
    neutral: css({}),
    good: css({ color: colors.success.text }),
    warning: css({ color: colors.warning.text }),
    bad: css({ color: colors.error.text }),
  };
}
