import { t } from '@grafana/i18n';
import { Button, LinkButton, LoadingPlaceholder } from '@grafana/ui';
import React, { useState } from 'react';
import { isEditor } from '../../../services/role';
import { Empty } from '../../../states/Empty';
import { ServiceNotice } from '../../../states/ServiceNotice';
import { Section } from '../Section';
import { BillTable } from './BillTable';
import { EditorsOnly } from './EditorsOnly';
import { lastMonth } from './last-month';
import { useBills } from './use-bills';

const pageSize = 25;
const most = 500;

/** What the tenant owes so far, and all bills before. */
export function BillsOfTenant({ tenant }: { readonly tenant: string }) {
  const [limit, setLimit] = useState(pageSize);
  const { closed = [], drafts, hasMore, problem, isLoading, askAgain } = useBills(tenant, limit);
  const last = lastMonth(tenant, closed, drafts[0]?.period_name);
  const bills = [...drafts, ...closed];
  return (
    <Section title={t('cost.bills.title', 'Bills')} actions={last !== undefined && <LastMonth {...last} />}>
      {!isEditor() && <EditorsOnly />}
      {problem !== undefined && <ServiceNotice problem={problem} onRetry={askAgain} />}
      {isLoading && <LoadingPlaceholder text={t('cost.bills.loading', 'Billing reckons what is owed so far …')} />}
      {bills.length > 0 && <BillTable bills={bills} />}
      {isEditor() && !isLoading && problem === undefined && closed.length === 0 && <NoneClosed />}
      {hasMore && limit < most && (
        <Button variant="secondary" onClick={() => setLimit(most)}>
          {t('cost.bills.older', 'Show older bills')}
        </Button>
      )}
    </Section>
  );
}

function LastMonth({ url, text }: { readonly url: string; readonly text: string }) {
  return (
    <LinkButton size="sm" icon="file-alt" href={url} data-testid="last-bill">
      {text}
    </LinkButton>
  );
}

function NoneClosed() {
  return (
    <Empty title={t('cost.bills.noneClosed', 'No bill was closed yet')}>
      {t('cost.bills.howToClose', 'A month that is over is closed with fleetlens billing close --period=YEAR-MONTH.')}
    </Empty>
  );
}
