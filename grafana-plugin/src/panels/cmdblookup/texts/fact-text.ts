import { t } from '@grafana/i18n';

/** What people call an attribute or a kind of identity. Sources may give others, which are shown as they are called. */
export function factText(name: string): string {
  const texts: Readonly<Record<string, () => string>> = {
    name: () => t('cmdb.fact.name', 'Name'),
    state: () => t('cmdb.fact.state', 'State'),
    model: () => t('cmdb.fact.model', 'Model'),
    vendor: () => t('cmdb.fact.vendor', 'Maker'),
    role: () => t('cmdb.fact.role', 'Role'),
    serial: () => t('cmdb.fact.serial', 'Serial number'),
    asset_tag: () => t('cmdb.fact.assetTag', 'Asset tag'),
    part_number: () => t('cmdb.fact.partNumber', 'Part number'),
    gpu_model: () => t('cmdb.fact.gpuModel', 'GPU model'),
    gpu_count: () => t('cmdb.fact.gpuCount', 'GPUs'),
    gpu_index: () => t('cmdb.fact.gpuIndex', 'GPU index'),
    slot: () => t('cmdb.fact.slot', 'Slot'),
    pci_bus_id: () => t('cmdb.fact.pciBusId', 'PCI address'),
    address: () => t('cmdb.fact.address', 'Address'),
    interface: () => t('cmdb.fact.interface', 'Interface'),
    speed: () => t('cmdb.fact.speed', 'Speed'),
    os: () => t('cmdb.fact.os', 'Operating system'),
    kernel: () => t('cmdb.fact.kernel', 'Kernel'),
    architecture: () => t('cmdb.fact.architecture', 'Architecture'),
    driver_version: () => t('cmdb.fact.driverVersion', 'GPU driver'),
    vbios_version: () => t('cmdb.fact.vbiosVersion', 'Video BIOS'),
    bios_version: () => t('cmdb.fact.biosVersion', 'BIOS'),
    bmc_version: () => t('cmdb.fact.bmcVersion', 'BMC firmware'),
    firmware_version: () => t('cmdb.fact.firmwareVersion', 'Firmware'),
    memory_bytes: () => t('cmdb.fact.memoryBytes', 'Memory'),
    cpu_count: () => t('cmdb.fact.cpuCount', 'CPUs'),
    purchased: () => t('cmdb.fact.purchased', 'Bought'),
    warranty_until: () => t('cmdb.fact.warrantyUntil', 'Warranty until'),
    cost_centre: () => t('cmdb.fact.costCentre', 'Cost centre'),
    uuid: () => t('cmdb.fact.uuid', 'UUID'),
    external: () => t('cmdb.fact.external', 'Record'),
    bmc: () => t('cmdb.fact.bmc', 'BMC'),
    mac: () => t('cmdb.fact.mac', 'MAC address'),
    placement: () => t('cmdb.fact.placement', 'Place in its machine'),
    fqdn: () => t('cmdb.fact.fqdn', 'Full host name'),
    hostname: () => t('cmdb.fact.hostname', 'Host name'),
    ip: () => t('cmdb.fact.ip', 'IP address'),
  };
  const known = Object.hasOwn(texts, name) ? texts[name]?.() : undefined;
  return known ?? capitalised(name.replaceAll('_', ' '));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
