import { t } from '@grafana/i18n';
import type { BadgeColor } from '@grafana/ui';

interface StateText {
  readonly text: string;
  readonly colour: BadgeColor;
}

/** The life cycle of an item; words first, for those who do not see colours. */
export function stateText(state: string): StateText {
  const texts: Readonly<Record<string, () => StateText>> = {
    planned: () => ({ text: t('cmdb.state.planned', 'planned'), colour: 'blue' }),
    in_service: () => ({ text: t('cmdb.state.inService', 'in service'), colour: 'green' }),
    maintenance: () => ({ text: t('cmdb.state.maintenance', 'in maintenance'), colour: 'orange' }),
    failed: () => ({ text: t('cmdb.state.failed', 'failed'), colour: 'red' }),
    rma: () => ({ text: t('cmdb.state.rma', 'at the maker (RMA)'), colour: 'purple' }),
    retired: () => ({ text: t('cmdb.state.retired', 'retired'), colour: 'darkgrey' }),
  };
  const known = Object.hasOwn(texts, state) ? texts[state] : undefined;
  return known?.() ?? { text: state, colour: 'darkgrey' };
}
