import { t } from '@grafana/i18n';
import type { Service } from './service';

/** What people call the service. */
export function serviceName(service: Service): string {
  const names: Readonly<Record<Service, string>> = {
    cmdb: t('service.cmdb', 'The inventory'),
    billing: t('service.billing', 'Billing'),
    prediction: t('service.prediction', 'Failure prediction'),
    alertmanager: t('service.alertmanager', 'Alertmanager'),
  };
  return names[service];
}
