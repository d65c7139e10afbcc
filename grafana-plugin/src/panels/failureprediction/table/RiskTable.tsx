// The grid takes the focus and the keys for all of its rows, of which only those in sight are there; real tables cannot be laid out like that.
// biome-ignore-all lint/a11y/useSemanticElements: see above
// biome-ignore-all lint/a11y/useFocusableInteractive: see above
// biome-ignore-all lint/a11y/useKeyWithClickEvents: see above
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useSize } from '../hooks/use-size';
import type { Horizon } from '../horizon';
import type { RiskRow } from '../rows/risk-row';
import { horizonText } from '../texts/words';
import type { CellContext } from './Cell';
import { type Column, columnsFor, isHorizon } from './columns';
import { rowHeight, TableRow, tableLine } from './TableRow';
import { scrollTo, windowOf } from './window-of';

interface Props {
  readonly rows: readonly RiskRow[];
  readonly context: CellContext;
  readonly chosenKey: string | undefined;
  readonly onChoose: (row: RiskRow) => void;
  readonly onHorizon: (horizon: Horizon) => void;
}

/** The likeliest first. Only rows in sight are in the page, so that ten thousand cost no more than thirty. */
export function RiskTable({ rows, context, chosenKey, onChoose, onHorizon }: Props) {
  const styles = useStyles2(getStyles);
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const [scrollTop, setScrollTop] = useState(0);
  const [cursor, setCursor] = useState(0);
  const id = useId();
  const { shown, template } = useMemo(() => columnsFor(width, context.horizon), [width, context.horizon]);
  const { from, to } = windowOf(rows.length, rowHeight, scrollTop, height);
  const at = Math.min(cursor, rows.length - 1);
  const latest = useRef(onChoose);
  useEffect(() => {
    latest.current = onChoose;
  }, [onChoose]);
  const chooseAt = useCallback((row: RiskRow, place: number) => {
    setCursor(place);
    latest.current(row);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if (event.key === 'Enter' && row !== undefined && event.target === event.currentTarget) onChoose(row);
    const next = nextRow(event.key, at, rows.length, Math.floor(height / rowHeight));
    if (next === undefined) return;
    event.preventDefault();
    setCursor(next);
    const element = scroller.current;
    const top = element === null ? undefined : scrollTo(next, rowHeight, element.scrollTop, height);
    if (element !== null && top !== undefined) element.scrollTop = top;
  };
  return (
    <div
      className={styles.table}
      role="grid"
      tabIndex={0}
      aria-label={t('failure.table', 'GPUs by risk, the likeliest first')}
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at >= from && at < to ? `${id}-${at}` : undefined}
      data-testid="failure-table"
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={styles.head} style={{ gridTemplateColumns: template }}>
          {shown.map((column) => (
            <Heading key={column} column={column} horizon={context.horizon} onHorizon={onHorizon} />
          ))}
        </div>
      </div>
      <div
        ref={scroller}
        role="rowgroup"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        className={styles.body}
        data-testid="failure-table-body"
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      >
        <div style={{ height: from * rowHeight }} role="presentation" />
        {rows.slice(from, to).map((row, index) => (
          <TableRow
            key={row.key}
            id={`${id}-${from + index}`}
            at={from + index}
            row={row}
            shown={shown}
            template={template}
            context={context}
            isChosen={row.key === chosenKey}
            isCursor={from + index === at}
            onChoose={chooseAt}
          />
        ))}
        <div style={{ height: (rows.length - to) * rowHeight }} role="presentation" />
      </div>
    </div>
  );
}

function nextRow(key: string, at: number, count: number, page: number): number | undefined {
  const wanted: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  };
  const next = wanted[key];
  return next === undefined ? undefined : Math.max(0, Math.min(count - 1, next));
}

interface HeadingProps {
  readonly column: Column;
  readonly horizon: Horizon;
  readonly onHorizon: (horizon: Horizon) => void;
}

function Heading({ column, horizon, onHorizon }: HeadingProps) {
  const styles = useStyles2(getStyles);
  if (!isHorizon(column))
    return (
      <div role="columnheader" className={styles.heading} title={aboutColumn(column)}>
        {columnText(column)}
      </div>
    );
  const isSorted = column === horizon;
  return (
    <div role="columnheader" className={styles.heading} aria-sort={isSorted ? 'descending' : 'none'}>
      <button
        type="button"
        className={styles.sort}
        onClick={() => onHorizon(column)}
        data-testid={`failure-sort-${column}`}
      >
        {horizonText(column)}
        {isSorted && <Icon name="arrow-down" size="xs" />}
      </button>
    </div>
  );
}

function columnText(column: Exclude<Column, Horizon>): string {
  const texts: Readonly<Record<Exclude<Column, Horizon>, () => string>> = {
    rank: () => t('failure.column.rank', 'Rank'),
    gpu: () => t('failure.column.gpu', 'GPU'),
    place: () => t('failure.column.place', 'Node, rack'),
    holder: () => t('failure.column.holder', 'Tenant, job'),
    range: () => t('failure.column.range', 'Range'),
    reason: () => t('failure.column.reason', 'Top reason'),
    action: () => t('failure.column.action', 'What to do'),
    age: () => t('failure.column.age', 'Age'),
  };
  return texts[column]();
}

function aboutColumn(column: Exclude<Column, Horizon>): string | undefined {
  if (column === 'rank')
    return t('failure.about.rank', 'Place in the whole fleet, 1 for the likeliest. ● is within the alert budget.');
  if (column === 'range') return rangeAbout();
  return column === 'age' ? t('failure.about.age', 'How long ago the forecast was made.') : undefined;
}

export function rangeAbout(): string {
  return t(
    'failure.about.range',
    'How far the rate may be off: with so many known failures it lies in nine of ten cases within. It does not tell whether this very GPU is better or worse.',
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    table: css({
      display: 'flex',
      flexDirection: 'column',
      flex: 1,
      minHeight: 0,
      ...theme.typography.bodySmall,
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
    }),
    head: css({
      ...tableLine(theme),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      scrollbarGutter: 'stable',
      overflow: 'hidden',
    }),
    heading: css({
      color: theme.colors.text.secondary,
      padding: theme.spacing(0.5, 0),
      fontWeight: theme.typography.fontWeightMedium,
    }),
    sort: css({
      background: 'none',
      border: 0,
      padding: 0,
      color: theme.colors.text.link,
      font: 'inherit',
      whiteSpace: 'nowrap',
    }),
    body: css({ flex: 1, minHeight: 0, overflowY: 'auto', scrollbarGutter: 'stable' }),
  };
}
