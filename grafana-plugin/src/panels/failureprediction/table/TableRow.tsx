// See RiskTable: the grid takes the focus and the keys.
// biome-ignore-all lint/a11y/useSemanticElements: see above
// biome-ignore-all lint/a11y/useFocusableInteractive: see above
// biome-ignore-all lint/a11y/useKeyWithClickEvents: see above
import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { memo } from 'react';
import type { RiskRow } from '../rows/risk-row';
import { Cell, type CellContext, isStale } from './Cell';
import type { Column } from './columns';

interface Props {
  readonly id: string;
  readonly at: number;
  readonly row: RiskRow;
  readonly shown: readonly Column[];
  readonly template: string;
  readonly context: CellContext;
  readonly isChosen: boolean;
  readonly isCursor: boolean;
  readonly onChoose: (row: RiskRow, at: number) => void;
}

export const rowHeight = 34;

/** Rows that stay in sight while people scroll are not made anew. */
export const TableRow = memo(function TableRow(props: Props) {
  const { id, at, row, shown, template, context, isChosen, isCursor, onChoose } = props;
  const styles = useStyles2(getStyles);
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={isChosen}
      className={cx(
        styles.row,
        isChosen && styles.chosen,
        isCursor && styles.cursor,
        (row.isOut || isStale(row, context)) && styles.faint,
      )}
      style={{ gridTemplateColumns: template }}
      data-testid="failure-row"
      data-uuid={row.uuid}
      onClick={() => onChoose(row, at)}
    >
      {shown.map((column) => (
        <div key={column} role="gridcell" className={styles.cell} data-column={column}>
          <Cell column={column} row={row} context={context} />
        </div>
      ))}
    </div>
  );
});

/** Heading and rows have the same lines. */
export function tableLine(theme: GrafanaTheme2) {
  return { display: 'grid', columnGap: theme.spacing(1), padding: theme.spacing(0, 1) } as const;
}

function getStyles(theme: GrafanaTheme2) {
  return {
    row: css({
      ...tableLine(theme),
      height: rowHeight,
      alignItems: 'center',
      cursor: 'pointer',
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      '&:hover': { background: theme.colors.action.hover },
    }),
    chosen: css({ background: theme.colors.action.selected }),
    cursor: css({ '[role="grid"]:focus-visible &': { boxShadow: `inset 2px 0 0 ${theme.colors.primary.border}` } }),
    faint: css({ color: theme.colors.text.secondary }),
    cell: css({ minWidth: 0, display: 'flex' }),
  };
}
