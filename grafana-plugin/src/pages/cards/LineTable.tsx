import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

export interface LineColumn<T> {
  readonly heading: string;
  readonly cell: (line: T) => ReactNode;
  readonly isNumber?: boolean;
}

interface Props<T> {
  readonly label: string;
  readonly columns: ReadonlyArray<LineColumn<T>>;
  readonly lines: readonly T[];
  readonly keyOf: (line: T) => string;
  /** What stands there without lines. */
  readonly empty: string;
  readonly testId?: string;
}

/** A short table whose cells may hold links. It scrolls sideways by itself where the page is narrow. */
export function LineTable<T>({ label, columns, lines, keyOf, empty, testId }: Props<T>) {
  const styles = useStyles2(getStyles);
  if (lines.length === 0)
    return (
      <div className={styles.empty} role="status" data-testid={testId}>
        {empty}
      </div>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={styles.box} tabIndex={0} aria-label={label} data-testid={testId}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ heading, isNumber }) => (
              <th key={heading} scope="col" className={isNumber === true ? styles.number : undefined}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={keyOf(line)}>
              {columns.map(({ heading, cell, isNumber }) => (
                <td key={heading} className={isNumber === true ? styles.number : undefined}>
                  {cell(line)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function getStyles(theme: GrafanaTheme2) {
  const { colors, spacing, shape } = theme;
  const box = {
    background: colors.background.primary,
    border: `1px solid ${colors.border.weak}`,
    borderRadius: shape.radius.default,
  };
  return {
    box: css({
      ...box,
      overflowX: 'auto',
      '&:focus-visible': { outline: `2px solid ${colors.primary.main}` },
    }),
    empty: css({ ...box, padding: spacing(2), color: colors.text.secondary }),
    table: css({
      width: '100%',
      'th, td': {
        padding: spacing(0.75, 1.5),
        borderBottom: `1px solid ${colors.border.weak}`,
        textAlign: 'left',
        verticalAlign: 'top',
      },
      'tr:last-child td': { borderBottom: 'none' },
      th: { color: colors.text.secondary, whiteSpace: 'nowrap', fontWeight: 500 },
      td: { minWidth: 72, maxWidth: 360, overflowWrap: 'break-word' },
    }),
    number: css({ '&&': { textAlign: 'right' }, whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' }),
  };
}
