import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';
import { getTableStyles } from './get-table-styles';

interface Props {
  readonly label: string;
  readonly testId: string;
  /** Head, body and foot of the table. */
  readonly children: ReactNode;
}

/** A table that is wider than its page scrolls by itself. */
export function ScrollTable({ label, testId, children }: Props) {
  const styles = useStyles2(getTableStyles);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table className={styles.table} data-testid={testId}>
        {children}
      </table>
    </section>
  );
}
