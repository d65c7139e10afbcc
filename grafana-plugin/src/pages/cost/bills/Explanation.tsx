import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React from 'react';
import { useAnswer } from '../../../services/use-answer';
import { ServiceNotice } from '../../../states/ServiceNotice';
import { getTableStyles } from '../get-table-styles';
import { amountText } from '../money';
import { momentText } from '../period';
import type { BillLine } from './bill';
import { type BillRef, explanationQuestion } from './bill-ref';
import { type Explanation as Explained, type ExplainedRow, holderText } from './read-explanation';

interface Props {
  readonly billRef: BillRef;
  readonly line: BillLine;
}

const shownRows = 20;

/** How a line was computed, step by step, and the rows of the ledger and the queries that it stands on. */
export function Explanation({ billRef, line }: Props) {
  const styles = useStyles2(getStyles);
  const { value, problem, isLoading, askAgain } = useAnswer(explanationQuestion(billRef, line.id, shownRows));
  return (
    <div data-testid="explanation" className={styles.box}>
      <ol className={styles.steps}>
        {line.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {isLoading && <LoadingPlaceholder text={t('cost.explain.loading', 'Looking up the rows of the ledger …')} />}
      {problem !== undefined && <ServiceNotice problem={problem} onRetry={askAgain} />}
      {value !== undefined && value.rows.length > 0 && <Evidence explained={value} quantity={line.quantity} />}
    </div>
  );
}

interface EvidenceProps {
  readonly explained: Explained;
  /** That of the line. */
  readonly quantity: string;
}

function Evidence({ explained, quantity }: EvidenceProps) {
  const styles = useStyles2(getStyles);
  const { rows, sum, queries, next, base_unit: unit } = explained;
  return (
    <>
      {sum?.matches === false && (
        <p>
          {t('cost.explain.mismatch', 'The rows come to {{rows}}, the line to {{line}}.', {
            rows: sum.quantity,
            line: quantity,
          })}{' '}
          {t(
            'cost.explain.mismatchWhy',
            'Another line may count the same rows, such as the share of a split; or usage or owners have changed since the bill was reckoned.',
          )}
        </p>
      )}
      {sum?.matches === true && (
        <p>{t('cost.explain.match', 'The rows of the ledger add up to the quantity of this line, digit for digit.')}</p>
      )}
      <RowTable rows={rows} unit={unit} />
      {next !== undefined && (
        <p>
          {t(
            'cost.explain.more',
            'These are the first {{count}} rows. fleetlens billing explain and the API have all of them.',
            { count: rows.length },
          )}
        </p>
      )}
      <details>
        <summary>
          {t('cost.explain.queries', 'Queries that the rows come from: {{amount}}', { amount: queries.length })}
        </summary>
        {queries.map(({ query, source }) => (
          <pre key={`${source} ${query}`} className={styles.query} title={source}>
            {query}
          </pre>
        ))}
      </details>
    </>
  );
}

function RowTable({ rows, unit }: { readonly rows: readonly ExplainedRow[]; readonly unit: string }) {
  const styles = useStyles2(getTableStyles);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('cost.row.from', 'From')}</th>
          <th scope="col">{t('cost.row.holder', 'Who held it')}</th>
          <th scope="col">{t('cost.row.where', 'Where')}</th>
          <th scope="col">{t('cost.row.rule', 'Billed by')}</th>
          <th scope="col" className={styles.number}>
            {unit}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.position}>
            <td>{momentText(row.window.from)}</td>
            <td>{holderText(row)}</td>
            <td>{row.node ?? row.cluster}</td>
            <td>{row.attribution?.by ?? ''}</td>
            <td className={styles.number}>{amountText(row.quantity)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    /** Stays in sight where the lines are wider than the screen. */
    box: css({
      position: 'sticky',
      left: theme.spacing(1),
      maxWidth: 'calc(100vw - 100px)',
      whiteSpace: 'normal',
      overflowX: 'auto',
      padding: theme.spacing(1),
      background: theme.colors.background.secondary,
    }),
    steps: css({ paddingLeft: theme.spacing(3), marginBottom: theme.spacing(1) }),
    query: css({ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', margin: theme.spacing(0.5, 0) }),
  };
}
