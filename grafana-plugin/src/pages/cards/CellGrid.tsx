import { css, cx } from '@emotion/css';
import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, memo, type ReactNode, useRef } from 'react';
import { useLocation } from 'react-router-dom';
import type { CellLevel } from '../fleet/cell-colour';
import { linkTo, type Target } from '../links/page-links';
import { indexAfter } from './index-after';

export interface GridCell {
  readonly id: string;
  readonly level: CellLevel;
  /** A frame that says "trouble" whatever the colour shows. */
  readonly isMarked: boolean;
  readonly text: string;
  readonly name: string;
  /** Read out, and shown when the pointer rests. */
  readonly tip: string;
  readonly target: Target;
}

interface Props {
  readonly label: string;
  readonly heading: ReactNode;
  readonly cells: readonly GridCell[];
}

/** Cells that are links. One stop of the Tab key for the grid; the arrow keys go from cell to cell. */
export const CellGrid = memo(function CellGrid({ label, heading, cells }: Props) {
  const styles = useStyles2(getStyles);
  const { search } = useLocation();
  const grid = useRef<HTMLUListElement>(null);
  const move = (event: KeyboardEvent) => {
    const links = [...(grid.current?.querySelectorAll('a') ?? [])];
    const at = links.indexOf(event.target as HTMLAnchorElement);
    const next = links[indexAfter(event.key, at, links.length)];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <div className={styles.group}>
      <div className={styles.heading}>{heading}</div>
      {/* Keys are heard here for the links inside. */}
      <ul className={styles.grid} aria-label={label} ref={grid} onKeyDown={move}>
        {cells.map(({ id, level, isMarked, text, name, tip, target }, index) => (
          <li key={id} className={styles.item}>
            <a
              href={linkTo(target, search)}
              className={cx(styles.cell, styles[level], isMarked && styles.marked)}
              title={tip}
              tabIndex={index === 0 ? 0 : -1}
              data-testid="cell"
              data-level={level}
            >
              <span className={styles.text}>{text}</span>
              <span className={styles.name}>{name}</span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
});

function getStyles(theme: GrafanaTheme2) {
  const { colors, spacing, typography, shape, visualization } = theme;
  const tint = (name: string, strength: number) =>
    css({ background: colorManipulator.alpha(visualization.getColorByName(name), strength) });
  return {
    // Racks out of view are neither laid out nor painted.
    group: css({ marginTop: spacing(1.5), contentVisibility: 'auto', containIntrinsicSize: 'auto 90px' }),
    heading: css({ marginBottom: spacing(0.5) }),
    grid: css({
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fill, minmax(72px, 1fr))',
      gap: spacing(0.5),
      listStyle: 'none',
      margin: 0,
      padding: 2,
    }),
    item: css({ minWidth: 0, maxWidth: 160 }),
    cell: css({
      display: 'flex',
      flexDirection: 'column',
      alignItems: 'center',
      padding: spacing(0.5),
      border: `1px solid ${colors.border.medium}`,
      borderRadius: shape.radius.default,
      color: colors.text.primary,
      '&:hover': { borderColor: colors.text.primary, color: colors.text.primary },
      '&:focus-visible': { outline: `2px solid ${colors.primary.main}`, outlineOffset: 1 },
    }),
    text: css({ ...typography.body, fontWeight: typography.fontWeightMedium }),
    name: css({
      ...typography.bodySmall,
      maxWidth: '100%',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    }),
    marked: css({ border: `2px solid ${colors.error.border}` }),
    none: css({ background: colors.background.secondary, borderStyle: 'dashed' }),
    cold: tint('blue', 0.2),
    mild: tint('green', 0.28),
    warm: tint('orange', 0.35),
    hot: tint('red', 0.45),
    good: tint('green', 0.25),
    warning: tint('orange', 0.35),
    bad: tint('red', 0.45),
  };
}
