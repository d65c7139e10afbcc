import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React from 'react';
import type { Question } from '../../../services/ask';
import { isEditor } from '../../../services/role';
import { useAnswer } from '../../../services/use-answer';
import { ServiceNotice } from '../../../states/ServiceNotice';
import { Section } from '../Section';
import { BillFacts } from './BillFacts';
import type { Bill } from './bill';
import { type BillRef, billQuestion, correctionsQuestion } from './bill-ref';
import { Corrections } from './Corrections';
import { Downloads } from './Downloads';
import { EditorsOnly } from './EditorsOnly';
import { Lines } from './Lines';
import type { Corrections as CorrectionsTold } from './read-bills';

/** One bill: what it says, why it is still open, its corrections, each line with how it was computed, and the bill as a file. */
export function BillView({ bill: ref }: { readonly bill: BillRef }) {
  const { value, problem, isLoading, askAgain } = useAnswer(isEditor() ? billQuestion(ref) : undefined);
  if (!isEditor()) return <EditorsOnly />;
  return (
    <>
      {problem !== undefined && <ServiceNotice problem={problem} onRetry={askAgain} />}
      {value === undefined && isLoading && (
        <LoadingPlaceholder text={t('cost.bill.loading', 'Billing reckons the bill …')} />
      )}
      {value !== undefined && <Sheet bill={value} billRef={ref} />}
    </>
  );
}

function Sheet({ bill, billRef }: { readonly bill: Bill; readonly billRef: BillRef }) {
  const styles = useStyles2(getStyles);
  const { value: told } = useAnswer(questionOfCorrections(bill));
  const problems = bill.problems ?? [];
  return (
    <div className={styles.page} data-testid="bill">
      <Section title={t('cost.bill.heading', 'Bill')} actions={<Downloads bill={billRef} />}>
        <BillFacts bill={bill} corrections={told?.corrections ?? []} />
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
      {told !== undefined && <Corrections {...told} />}
      <Section
        title={t('cost.bill.lines', 'Lines of the bill')}
        hint={t(
          'cost.bill.cut',
          'A number with … behind it is cut for the screen; amounts are exact. Each line can be followed back to the ledger.',
        )}
      >
        <Lines bill={bill} billRef={billRef} />
      </Section>
    </div>
  );
}

/** Drafts change by themselves, and a correction is corrected by correcting the bill again. */
function questionOfCorrections(bill: Bill): Question<CorrectionsTold> | undefined {
  return bill.number === undefined || bill.corrects !== undefined ? undefined : correctionsQuestion(bill.number);
}

function getStyles(theme: GrafanaTheme2) {
  return {
    page: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), width: '100%', minWidth: 0 }),
    list: css({ paddingLeft: theme.spacing(3), overflowWrap: 'anywhere' }),
  };
}
