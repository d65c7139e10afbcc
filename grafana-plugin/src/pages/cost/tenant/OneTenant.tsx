import type { DataFrame } from '@grafana/data';
import { t } from '@grafana/i18n';
import type { VizPanel } from '@grafana/scenes';
import { Button } from '@grafana/ui';
import React from 'react';
import { isEditor } from '../../../services/role';
import { useAnswer } from '../../../services/use-answer';
import { BillsOfTenant } from '../bills/BillsOfTenant';
import { PanelGrid } from '../PanelGrid';
import { Section } from '../Section';
import { tenantRows } from '../tenants/tenant-rows';
import { Budgets } from './Budgets';
import { budgetRowsOfAnswer, budgetRowsOfFigures } from './budget-rows';
import { Quotas } from './Quotas';
import { quotaRows } from './quota-rows';
import { budgetsQuestion } from './read-budgets';
import { TenantFigures } from './TenantFigures';
import { Usage } from './Usage';

interface Props {
  readonly tenant: string;
  readonly frames: readonly DataFrame[];
  /** Moment of the figures. */
  readonly atMs: number;
  readonly panels: readonly VizPanel[];
  readonly onAll: () => void;
}

export function OneTenant({ tenant, frames, atMs, panels, onAll }: Props) {
  const mayAsk = isEditor();
  const { value: exact } = useAnswer(mayAsk ? budgetsQuestion(tenant) : undefined);
  const budgets = exact === undefined ? budgetRowsOfFigures(frames, tenant, atMs) : budgetRowsOfAnswer(exact);
  return (
    <>
      <Section
        title={tenant}
        actions={
          <Button size="sm" variant="secondary" icon="arrow-left" onClick={onAll}>
            {t('cost.tenant.all', 'All tenants')}
          </Button>
        }
      >
        <TenantFigures rows={tenantRows(frames).filter((row) => row.tenant === tenant)} />
      </Section>
      <BillsOfTenant tenant={tenant} />
      <Budgets budgets={budgets} isExact={exact !== undefined} />
      <Quotas quotas={quotaRows(frames, tenant)} />
      <PanelGrid panels={panels} />
      {mayAsk && <Usage tenant={tenant} />}
    </>
  );
}
