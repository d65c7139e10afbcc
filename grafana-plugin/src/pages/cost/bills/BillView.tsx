import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React from 'react';
import { isEditor } from '../../../services/role';
import { useAnswer } from '../../../services/use-answer';
import { ServiceNotice } from '../../../states/ServiceNotice';
import { Section } from '../Section';
import { BillFacts } from './BillFacts';
import { type BillRef, billQuestion } from './bill-ref';
import { Corrections } from './Corrections';
import { Downloads } from './Downloads';
import { EditorsOnly } from './EditorsOnly';
import { Lines } from './Lines';

/** One bill: what it says, why it is still open, its corrections, each line with how it was computed, and the bill as a file. */
export function BillView({ bill: ref }: { readonly bill: BillRef }) {
  const styles = useStyles2(getStyles);
  const { value: bill, problem, isLoading, askAgain } = useAnswer(isEditor() ? billQuestion(ref) : undefined);
  if (!isEditor()) return <EditorsOnly />;
  if (bill === undefined)
    return isLoading ? (
      <LoadingPlaceholder text={t('cost.bill.loading', 'Billing reckons the bill …')} />
    ) : problem === undefined ? null : (
      <ServiceNotice problem={problem} onRetry={askAgain} />
    );
  const problems = bill.problems ?? [];
  return (
    <div className={styles.page} data-testid="bill">
      {problem !== undefined && <ServiceNotice problem={problem} onRetry={askAgain} />}
      <Section title={t('cost.bill.heading', 'Bill')} actions={<Downloads bill={ref} />}>
        <BillFacts bill={bill} />
      </Section>
      {problems.length > 0 && (
        <Alert severity="info" title={t('cost.bill.open', 'What keeps this bill open')}>
          <ul className={styles.list}>
            {problems.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Alert>
      )}
      {bill.number !== undefined && bill.corrects === undefined && <Corrections number={bill.number} />}
      <Section
        title={t('cost.bill.lines', 'Lines of the bill')}
        hint={t(
          'cost.bill.cut',
          'A number with … behind it is cut for the screen; amounts are exact. Each line can be followed back to the ledger.',
        )}
      >
        <Lines bill={bill} billRef={ref} />
      </Section>
    </div>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), width: '100%', minWidth: 0 }),
    list: css({ paddingLeft: theme.spacing(3), overflowWrap: 'anywhere' }),
  };
}
