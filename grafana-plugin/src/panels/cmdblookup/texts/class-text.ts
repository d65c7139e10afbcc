import { t } from '@grafana/i18n';

/** What people call a class of items. */
export function classText(itemClass: string): string {
  const texts: Readonly<Record<string, () => string>> = {
    site: () => t('cmdb.class.site', 'Site'),
    room: () => t('cmdb.class.room', 'Room'),
    rack: () => t('cmdb.class.rack', 'Rack'),
    power_feed: () => t('cmdb.class.powerFeed', 'Power feed'),
    pdu: () => t('cmdb.class.pdu', 'PDU'),
    switch: () => t('cmdb.class.switch', 'Switch'),
    port: () => t('cmdb.class.port', 'Port'),
    chassis: () => t('cmdb.class.chassis', 'Chassis'),
    server: () => t('cmdb.class.server', 'Server'),
    bmc: () => t('cmdb.class.bmc', 'BMC'),
    gpu: () => t('cmdb.class.gpu', 'GPU'),
    mig_instance: () => t('cmdb.class.migInstance', 'MIG instance'),
    nic: () => t('cmdb.class.nic', 'Network interface'),
    disk: () => t('cmdb.class.disk', 'Disk'),
    power_supply: () => t('cmdb.class.powerSupply', 'Power supply'),
    os: () => t('cmdb.class.os', 'Operating system'),
    driver: () => t('cmdb.class.driver', 'Driver'),
    ip: () => t('cmdb.class.ip', 'Address'),
    cluster: () => t('cmdb.class.cluster', 'Cluster'),
    namespace: () => t('cmdb.class.namespace', 'Namespace'),
    application: () => t('cmdb.class.application', 'Job or service'),
    database: () => t('cmdb.class.database', 'Database'),
    storage: () => t('cmdb.class.storage', 'Storage'),
    tenant: () => t('cmdb.class.tenant', 'Tenant'),
    team: () => t('cmdb.class.team', 'Team'),
    person: () => t('cmdb.class.person', 'Person'),
  };
  return (Object.hasOwn(texts, itemClass) ? texts[itemClass]?.() : undefined) ?? itemClass.replaceAll('_', ' ');
}
