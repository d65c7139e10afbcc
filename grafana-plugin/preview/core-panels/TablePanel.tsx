import { css } from '@emotion/css';
import {
  type DataFrame,
  type Field,
  formattedValueToString,
  type GrafanaTheme2,
  getFieldDisplayName,
  type PanelProps,
} from '@grafana/data';
import { Pagination, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';
import { isEmpty, NoData } from './NoData';

interface Sorting {
  readonly displayName: string;
  readonly desc?: boolean;
}

interface Options {
  readonly sortBy?: readonly Sorting[];
}

const headerHeight = 32;
const lineHeight = 28;
const footerHeight = 40;

export function TablePanel({ id, data, options, fieldConfig, height }: PanelProps<Options>) {
  const styles = useStyles2(getStyles);
  const [sorting, setSorting] = useState<Sorting | undefined>(options.sortBy?.[0]);
  const [page, setPage] = useState(1);
  const frame = data.series[0];
  const fields = useMemo(() => frame?.fields.filter((field) => field.config.custom?.hidden !== true) ?? [], [frame]);
  const order = useMemo(() => orderOf(frame, fields, sorting), [frame, fields, sorting]);
  if (frame === undefined || isEmpty(data)) return <NoData panelId={id} data={data} fieldConfig={fieldConfig} />;
  const size = Math.max(1, Math.floor((height - headerHeight - footerHeight) / lineHeight));
  const pages = Math.ceil(order.length / size);
  const at = Math.min(page, pages);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={styles.box} style={{ height }} tabIndex={0} aria-label="Table">
      <table className={styles.table}>
        <thead>
          <tr>
            {fields.map((field) => {
              const name = getFieldDisplayName(field, frame);
              const desc = sorting?.displayName === name ? sorting.desc === true : undefined;
              return (
                <th key={name} scope="col" aria-sort={desc === undefined ? 'none' : desc ? 'descending' : 'ascending'}>
                  <button
                    type="button"
                    className={styles.heading}
                    onClick={() => setSorting({ displayName: name, desc: desc !== true })}
                  >
                    {name}
                    {desc === undefined ? '' : desc ? ' ↓' : ' ↑'}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {order.slice((at - 1) * size, at * size).map((row) => (
            <tr key={row}>
              {fields.map((field) => (
                <Cell key={field.name} field={field} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {pages > 1 && (
        <Pagination currentPage={at} numberOfPages={pages} onNavigate={setPage} showSmallVersion hideWhenSinglePage />
      )}
    </section>
  );
}

function Cell({ field, row }: { readonly field: Field; readonly row: number }) {
  const shown = field.display?.(field.values[row]);
  const text = shown === undefined ? String(field.values[row] ?? '') : formattedValueToString(shown);
  const isEmptyCell = (field.values[row] ?? '') === '';
  const link = isEmptyCell ? undefined : field.getLinks?.({ valueRowIndex: row })[0];
  const coloured = field.config.custom?.cellOptions?.type === 'color-text';
  return (
    <td style={coloured ? { color: shown?.color } : undefined}>
      {link === undefined ? (
        text
      ) : (
        <a href={link.href} title={link.title} style={{ textDecoration: 'underline' }}>
          {text}
        </a>
      )}
    </td>
  );
}

function orderOf(
  frame: DataFrame | undefined,
  fields: readonly Field[],
  sorting: Sorting | undefined,
): readonly number[] {
  const rows = Array.from({ length: frame?.length ?? 0 }, (_, row) => row);
  const field = fields.find((each) => getFieldDisplayName(each, frame) === sorting?.displayName);
  if (field === undefined) return rows;
  const sign = sorting?.desc === true ? -1 : 1;
  return rows.sort((a, b) => sign * compare(field.values[a], field.values[b]));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b || Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return String(a ?? '').localeCompare(String(b ?? ''), undefined, { numeric: true });
}

function getStyles(theme: GrafanaTheme2) {
  return {
    box: css({ overflow: 'auto' }),
    heading: css({
      all: 'unset',
      cursor: 'pointer',
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}` },
    }),
    table: css({
      width: '100%',
      'th, td': {
        textAlign: 'left',
        padding: theme.spacing(0.5, 1),
        whiteSpace: 'nowrap',
        height: lineHeight,
        borderBottom: `1px solid ${theme.colors.border.weak}`,
      },
      th: {
        position: 'sticky',
        top: 0,
        background: theme.colors.background.primary,
        color: theme.colors.text.secondary,
      },
    }),
  };
}
