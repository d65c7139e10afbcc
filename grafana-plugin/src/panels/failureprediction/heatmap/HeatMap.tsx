import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { type KeyboardEvent, type PointerEvent, useCallback, useId, useMemo, useRef, useState } from 'react';
import type { Scale } from '../colour/scale';
import { useSize } from '../hooks/use-size';
import type { Horizon } from '../horizon';
import type { RiskRow } from '../rows/risk-row';
import { arrange } from './arrange';
import { CellTooltip } from './CellTooltip';
import { describeCell } from './describe';
import { cellAt, gridOf, type Place, placeAt, placesOf, rowAt } from './grid';
import { inkOf } from './ink';
import { moved, moveOf } from './move';
import { useDrawing } from './use-drawing';

interface Props {
  readonly rows: readonly RiskRow[];
  readonly horizon: Horizon;
  readonly scale: Scale;
  readonly chosenKey: string | undefined;
  readonly onChoose: (row: RiskRow) => void;
  /** The map is as high as it needs, up to so many pixels; without it, it fills what there is. */
  readonly mostHeight?: number;
}

/** Each GPU a cell, racks as they stand. One canvas draws what is seen; cells are found by arithmetic. */
export function HeatMap({ rows, horizon, scale, chosenKey, onChoose, mostHeight }: Props) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height: seen } = useSize(scroller);
  const [pointed, setPointed] = useState<Place>();
  /** As far as the map was scrolled when a cell was reached. */
  const [scrolled, setScrolled] = useState(0);
  const hintId = useId();
  const arrangement = useMemo(() => arrange(rows), [rows]);
  const room = mostHeight ?? seen;
  const grid = useMemo(() => gridOf(arrangement, width, room), [arrangement, width, room]);
  const height = mostHeight === undefined ? seen : Math.min(mostHeight, grid.height);
  const places = useMemo(() => placesOf(arrangement), [arrangement]);
  const chosen = chosenKey === undefined ? undefined : places.get(chosenKey);
  const ink = useMemo(() => inkOf(theme), [theme]);
  const noRack = t('failure.noRack', 'rack not known');
  const picture = useMemo(
    () => ({ arrangement, grid, scale, horizon, hovered: pointed, chosen, ink, noRack }),
    [arrangement, grid, scale, horizon, pointed, chosen, ink, noRack],
  );
  const redraw = useDrawing(canvas, scroller, picture, { width, height });

  const placeUnder = useCallback(
    (event: PointerEvent | React.MouseEvent) => {
      const box = scroller.current?.getBoundingClientRect();
      const top = scroller.current?.scrollTop ?? 0;
      if (box === undefined) return undefined;
      return placeAt(grid, arrangement, event.clientX - box.left, event.clientY - box.top + top);
    },
    [grid, arrangement],
  );
  const onPointerMove = (event: PointerEvent) => {
    const place = placeUnder(event);
    setPointed((before) => (isSame(before, place) ? before : place));
    setScrolled(scroller.current?.scrollTop ?? 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = pointed === undefined ? undefined : rowAt(arrangement, pointed);
    if ((event.key === 'Enter' || event.key === ' ') && row !== undefined) {
      event.preventDefault();
      onChoose(row);
      return;
    }
    const move = moveOf(event.key);
    if (move === undefined) return;
    event.preventDefault();
    const next = moved(arrangement, grid, pointed ?? chosen, move);
    setPointed(next);
    if (next !== undefined) showLine(scroller.current, cellAt(grid, next).y, grid.pitch);
    setScrolled(scroller.current?.scrollTop ?? 0);
  };
  const row = pointed === undefined ? undefined : rowAt(arrangement, pointed);
  const at = pointed === undefined ? undefined : cellAt(grid, pointed);
  return (
    <div className={styles.frame} style={mostHeight === undefined ? { flex: 1 } : { height, flexShrink: 0 }}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys itself
        tabIndex={0}
        aria-label={t('failure.map', 'Heat map of failure risk, {{many}} GPUs', { many: rows.length })}
        aria-describedby={hintId}
        data-testid="failure-heatmap"
        data-by={arrangement.by}
        onScroll={redraw}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setPointed(undefined)}
        onClick={(event) => {
          const place = placeUnder(event);
          const clicked = place === undefined ? undefined : rowAt(arrangement, place);
          if (clicked !== undefined) onChoose(clicked);
        }}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} className={styles.canvas} style={{ width, height, marginBottom: -height }} aria-hidden />
        <div style={{ height: grid.height }} />
      </div>
      <div id={hintId} className={styles.heard}>
        {t('failure.mapHint', 'Arrow keys move from GPU to GPU, Enter explains the one that is reached.')}
      </div>
      <div className={styles.heard} aria-live="polite" data-testid="failure-heatmap-live">
        {row === undefined ? '' : describeCell(row, horizon)}
      </div>
      {row !== undefined && at !== undefined && (
        <CellTooltip row={row} x={at.x} y={at.y - scrolled} width={width} height={height} />
      )}
    </div>
  );
}

function isSame(a: Place | undefined, b: Place | undefined): boolean {
  return a?.block === b?.block && a?.line === b?.line && a?.cell === b?.cell;
}

function showLine(scroller: HTMLElement | null, y: number, pitch: number): void {
  if (scroller === null) return;
  const { scrollTop, clientHeight } = scroller;
  if (y < scrollTop + pitch) scroller.scrollTop = Math.max(0, y - 2 * pitch);
  else if (y + 2 * pitch > scrollTop + clientHeight) scroller.scrollTop = y + 3 * pitch - clientHeight;
}

function getStyles(theme: GrafanaTheme2) {
  return {
    frame: css({ position: 'relative', minHeight: 0, display: 'flex', flexDirection: 'column' }),
    scroller: css({
      flex: 1,
      minHeight: 0,
      overflowY: 'auto',
      overflowX: 'hidden',
      cursor: 'crosshair',
      padding: 0,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
    }),
    canvas: css({ position: 'sticky', top: 0, display: 'block' }),
    heard: css({
      position: 'absolute',
      width: 1,
      height: 1,
      overflow: 'hidden',
      clipPath: 'inset(50%)',
      whiteSpace: 'nowrap',
    }),
  };
}
