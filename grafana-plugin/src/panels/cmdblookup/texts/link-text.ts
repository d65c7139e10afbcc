import { t } from '@grafana/i18n';
import type { LinkTarget } from '../models/links';

export function linkText(target: LinkTarget): string {
  const texts: Readonly<Record<LinkTarget, () => string>> = {
    fleet: () => t('cmdb.link.fleet', 'GPU board'),
    gpu: () => t('cmdb.link.gpu', 'This GPU'),
    cost: () => t('cmdb.link.cost', 'Cost'),
    risk: () => t('cmdb.link.risk', 'Failure risk'),
    inventory: () => t('cmdb.link.inventory', 'Open in the inventory'),
  };
  return texts[target]();
}
