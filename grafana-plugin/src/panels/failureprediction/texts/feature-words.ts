import { t } from '@grafana/i18n';

/** A feature of a model in words. Names that are not known here are shown as they are, without underscores. */
export function featureText(feature: string): string {
  const whole = wholeTexts[feature]?.();
  if (whole !== undefined) return whole;
  const { signal, rest } = partsOf(feature);
  const name = signalTexts[signal]?.();
  if (name === undefined) return feature.replaceAll('_', ' ');
  return [name, ...rest].join(', ');
}

interface Parts {
  readonly signal: string;
  readonly rest: readonly string[];
}

/** Such as `temperature_mean_1h_vs_node`: signal, statistic, window, peers. */
function partsOf(feature: string): Parts {
  const pattern =
    /^(.*?)(?:_(mean|sd|max|slope|last|growth|rate|since))?(?:_(1h|6h|24h|7d|30d|90d))?(?:_(vs|z)_(workload|node|rack|model))?$/;
  const [, signal = feature, statistic = '', window = '', as = '', group = ''] = pattern.exec(feature) ?? [];
  const peers = as === '' ? undefined : peersText(group);
  const parts = [statisticTexts[statistic]?.(), window === '' ? undefined : windowText(window), peers];
  return { signal, rest: parts.filter((part) => part !== undefined) };
}

function windowText(window: string): string {
  return t('failure.feature.window', 'within {{window}}', { window });
}

function peersText(group: string): string {
  const texts: Readonly<Record<string, () => string>> = {
    workload: () => t('failure.feature.vsWorkload', 'against GPUs of the same job'),
    node: () => t('failure.feature.vsNode', 'against its node'),
    rack: () => t('failure.feature.vsRack', 'against its rack'),
    model: () => t('failure.feature.vsModel', 'against GPUs of its model'),
  };
  return texts[group]?.() ?? group;
}

const statisticTexts: Readonly<Record<string, () => string>> = {
  mean: () => t('failure.feature.mean', 'mean'),
  sd: () => t('failure.feature.sd', 'spread'),
  max: () => t('failure.feature.max', 'highest'),
  slope: () => t('failure.feature.slope', 'trend'),
  last: () => t('failure.feature.last', 'now'),
  growth: () => t('failure.feature.growth', 'new'),
  rate: () => t('failure.feature.rate', 'rate'),
  since: () => t('failure.feature.since', 'time since the last'),
};

const signalTexts: Readonly<Record<string, () => string>> = {
  temperature: () => t('failure.feature.temperature', 'Temperature'),
  memory_temperature: () => t('failure.feature.memoryTemperature', 'Memory temperature'),
  temperature_given_power: () => t('failure.feature.temperatureGivenPower', 'Hotter than its power explains'),
  power: () => t('failure.feature.power', 'Power'),
  utilization: () => t('failure.feature.utilization', 'Utilization'),
  sm_clock: () => t('failure.feature.clock', 'SM clock'),
  fan: () => t('failure.feature.fan', 'Fan'),
  nvlink_up: () => t('failure.feature.nvlinkUp', 'NVLinks up'),
  pcie_width_ratio: () => t('failure.feature.pcieWidth', 'PCIe width of what is possible'),
  ecc_correctable: () => t('failure.feature.eccCorrectable', 'Corrected ECC errors'),
  ecc_uncorrectable: () => t('failure.feature.eccUncorrectable', 'Uncorrectable ECC errors'),
  ecc_correctable_life: () => t('failure.feature.eccCorrectableLife', 'Corrected ECC errors of its life'),
  ecc_uncorrectable_life: () => t('failure.feature.eccUncorrectableLife', 'Uncorrectable ECC errors of its life'),
  remapped_correctable: () => t('failure.feature.remappedCorrectable', 'Rows remapped for corrected errors'),
  remapped_uncorrectable: () => t('failure.feature.remappedUncorrectable', 'Rows remapped for uncorrectable errors'),
  remap_pending: () => t('failure.feature.remapPending', 'Row remap pending'),
  banks_without_spares: () => t('failure.feature.banks', 'Memory banks without spare rows'),
  pcie_replays: () => t('failure.feature.pcieReplays', 'PCIe replays'),
  nvlink_errors: () => t('failure.feature.nvlinkErrors', 'NVLink errors'),
  nvlink_replays: () => t('failure.feature.nvlinkReplays', 'NVLink replays'),
  thermal_throttle: () => t('failure.feature.thermalThrottle', 'Slowed down by heat'),
  power_throttle: () => t('failure.feature.powerThrottle', 'Slowed down by power'),
  xid_user: () => t('failure.feature.xidUser', 'XIDs of user code'),
  xid_raised: () => t('failure.feature.xidRaised', 'XIDs of raised risk'),
  answers: () => t('failure.feature.answers', 'Answers to the exporter'),
  scrapes: () => t('failure.feature.scrapes', 'Scrapes of its node'),
  scrape_seconds: () => t('failure.feature.scrapeSeconds', 'Time that scrapes take'),
  seen_ratio: () => t('failure.feature.seen', 'Scrapes in which it was seen'),
  faults: () => t('failure.feature.faults', 'Failures before'),
  node_faults: () => t('failure.feature.nodeFaults', 'Failures of its node before'),
  warnings: () => t('failure.feature.warnings', 'XIDs of raised risk before'),
};

const wholeTexts: Readonly<Record<string, () => string>> = {
  base_rate: () => t('failure.feature.baseRate', 'Failures per GPU and year'),
  recent_failures: () => t('failure.feature.recentFailures', 'What happened to it before, times the base rate'),
  training_average: () => t('failure.feature.trainingAverage', 'Average of the training'),
  intercept_correction: () => t('failure.feature.correction', 'Correction by what came true'),
  days_since_fault: () => t('failure.feature.daysSinceFault', 'Days since its last failure'),
  days_since_warning: () => t('failure.feature.daysSinceWarning', 'Days since its last XID of raised risk'),
  days_since_node_fault: () => t('failure.feature.daysSinceNodeFault', 'Days since the last failure of its node'),
  days_since_repair: () => t('failure.feature.daysSinceRepair', 'Days since its repair'),
  days_since_move: () => t('failure.feature.daysSinceMove', 'Days since it was moved'),
  repairs_year: () => t('failure.feature.repairs', 'Repairs within a year'),
  age_days: () => t('failure.feature.age', 'Age in days'),
  slot: () => t('failure.feature.slot', 'Slot in the node'),
  driver_share: () => t('failure.feature.driverShare', 'Share of the fleet with its driver'),
  driver_newer_share: () => t('failure.feature.driverNewer', 'Share of the fleet with a newer driver'),
  vbios_share: () => t('failure.feature.vbiosShare', 'Share of the fleet with its VBIOS'),
  vbios_newer_share: () => t('failure.feature.vbiosNewer', 'Share of the fleet with a newer VBIOS'),
  vanished_signals: () => t('failure.feature.vanished', 'Readings that have vanished'),
  scrape_slowness: () => t('failure.feature.slowness', 'Scrapes slower than usual'),
};
