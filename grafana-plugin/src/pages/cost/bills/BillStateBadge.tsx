import { t } from '@grafana/i18n';
import { Badge } from '@grafana/ui';
import React from 'react';
import type { BillState } from './bill';

export function BillStateBadge({ state }: { readonly state: BillState }) {
  switch (state) {
    case 'draft':
      return <Badge color="orange" text={t('cost.state.draft', 'Draft')} />;
    case 'closed':
      return <Badge color="green" text={t('cost.state.closed', 'Closed')} />;
    case 'corrected':
      return <Badge color="purple" text={t('cost.state.corrected', 'Corrected')} />;
    case 'correction':
      return <Badge color="blue" text={t('cost.state.correction', 'Correction')} />;
  }
}
