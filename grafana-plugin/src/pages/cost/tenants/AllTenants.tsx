import type { DataFrame } from '@grafana/data';
import { t } from '@grafana/i18n';
import type { VizPanel } from '@grafana/scenes';
import React from 'react';
import { isEditor } from '../../../services/role';
import { useAnswer } from '../../../services/use-answer';
import { Empty } from '../../../states/Empty';
import { ServiceNotice } from '../../../states/ServiceNotice';
import { closedBillsQuestion } from '../bills/bill-ref';
import { EditorsOnly } from '../bills/EditorsOnly';
import { PanelGrid } from '../PanelGrid';
import { Section } from '../Section';
import { TenantTable } from './TenantTable';
import { tenantRows } from './tenant-rows';

interface Props {
  readonly frames: readonly DataFrame[];
  /** Whether Prometheus has answered, so that nothing means that there is nothing. */
  readonly isEmptyKnown: boolean;
  readonly panels: readonly VizPanel[];
  readonly onChoose: (tenant: string) => void;
}

const newest = 200;

export function AllTenants({ frames, isEmptyKnown, panels, onChoose }: Props) {
  const mayAsk = isEditor();
  const { value, problem, askAgain } = useAnswer(mayAsk ? closedBillsQuestion(undefined, newest) : undefined);
  const rows = tenantRows(frames);
  return (
    <>
      <Section
        title={t('cost.tenants.title', 'What does each tenant owe?')}
        hint={t(
          'cost.tenants.hint',
          'The current period so far, what it will come to, and how that compares. Rounded figures from Prometheus; the last bill is exact. Click a tenant for budget, quotas and bills.',
        )}
      >
        {rows.length > 0 && <TenantTable rows={rows} bills={value?.bills} onChoose={onChoose} />}
        {rows.length === 0 && isEmptyKnown && (
          <Empty title={t('cost.tenants.none', 'This Prometheus knows no costs')}>
            {t(
              'cost.tenants.how',
              'Costs come from fleetlens billing: let Prometheus scrape it as the job fleetlens-billing, or choose another data source above.',
            )}
          </Empty>
        )}
        {!mayAsk && <EditorsOnly />}
        {problem !== undefined && <ServiceNotice problem={problem} onRetry={askAgain} />}
      </Section>
      <PanelGrid panels={panels} />
    </>
  );
}
