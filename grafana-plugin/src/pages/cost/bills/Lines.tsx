import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { Empty } from '../../../states/Empty';
import { getTableStyles } from '../get-table-styles';
import { amountText, cutText } from '../money';
import { ScrollTable } from '../ScrollTable';
import type { Bill, BillLine } from './bill';
import type { BillRef } from './bill-ref';
import { Explanation } from './Explanation';
import { lineKind } from './line-kind';

interface Props {
  readonly bill: Bill;
  readonly billRef: BillRef;
}

/** At once; a bill by user or model has thousands. */
const step = 200;

export function Lines({ bill, billRef }: Props) {
  const [listed, setListed] = useState(step);
  if (bill.lines.length === 0) return <Empty title={t('cost.bill.noLines', 'Nothing was charged in this period')} />;
  return (
    <>
      <LineTable bill={bill} billRef={billRef} listed={listed} />
      {bill.lines.length > listed && (
        <Button variant="secondary" onClick={() => setListed(listed + step)} data-testid="more-lines">
          {t('cost.bill.moreLines', '{{listed}} of {{all}} lines are listed. Show more', {
            listed,
            all: bill.lines.length,
          })}
        </Button>
      )}
    </>
  );
}

function LineTable({ bill, billRef, listed }: Props & { readonly listed: number }) {
  const styles = useStyles2(getTableStyles);
  const [open, setOpen] = useState<string>();
  return (
    <ScrollTable label={t('cost.bill.lines', 'Lines of the bill')} testId="bill-lines">
      <thead>
        <tr>
          <th scope="col">{t('cost.line.kind', 'Kind')}</th>
          <th scope="col">{t('cost.line.what', 'What')}</th>
          <th scope="col" className={styles.number}>
            {t('cost.line.quantity', 'Quantity')}
          </th>
          <th scope="col">{t('cost.line.unit', 'Unit')}</th>
          <th scope="col" className={styles.number}>
            {t('cost.line.price', 'Unit price')}
          </th>
          <th scope="col" className={styles.number}>
            {bill.currency}
          </th>
        </tr>
      </thead>
      <tbody>
        {bill.lines.slice(0, listed).map((line) => (
          <Line
            key={line.id}
            line={line}
            billRef={billRef}
            isOpen={open === line.id}
            onToggle={() => setOpen(open === line.id ? undefined : line.id)}
          />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={5}>
            {t('cost.bill.total', 'Total')}
          </th>
          <td className={styles.number}>
            <strong data-testid="bill-total">{amountText(bill.total)}</strong>
          </td>
        </tr>
      </tfoot>
    </ScrollTable>
  );
}

interface LineProps {
  readonly line: BillLine;
  readonly billRef: BillRef;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Line({ line, billRef, isOpen, onToggle }: LineProps) {
  const styles = useStyles2(getTableStyles);
  return (
    <>
      <tr>
        <td>{lineKind(line.kind)}</td>
        <td>
          {line.description}
          {line.sku !== undefined && !line.description.includes(line.sku) && (
            <div className={styles.faint}>{line.sku}</div>
          )}
          <div className={styles.faint}>
            {line.cluster}
            <Button
              size="sm"
              fill="text"
              icon={isOpen ? 'angle-up' : 'angle-down'}
              aria-expanded={isOpen}
              aria-label={t('cost.line.explain', 'Explain {{line}}', {
                line: line.description,
                interpolation: { escapeValue: false },
              })}
              onClick={onToggle}
            >
              {t('cost.line.explainShort', 'Explain')}
            </Button>
          </div>
        </td>
        <td className={styles.number} title={line.quantity}>
          {cutText(line.quantity)}
        </td>
        <td>{line.unit}</td>
        <td className={styles.number} title={line.contracted_unit_price}>
          {cutText(line.contracted_unit_price ?? '', 6)}
        </td>
        <td className={styles.number}>{amountText(line.amount)}</td>
      </tr>
      {isOpen && (
        <tr>
          <td colSpan={6}>
            <Explanation billRef={billRef} line={line} />
          </td>
        </tr>
      )}
    </>
  );
}
