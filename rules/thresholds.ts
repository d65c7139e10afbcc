export interface Threshold {
  readonly value: number;
  readonly unit: string;
  /** Why this default, and when to change it. */
  readonly reason: string;
}

/** Every number of the alerts that an operator may want to change. The last word of a name is its unit. */
export const thresholds = {
  gpuTemperatureMarginCelsius: {
    value: 5,
    unit: 'celsius',
    reason:
      'Distance to the slowdown temperature that the GPU itself reports. Five degrees leave minutes to act in a failing airflow. Raise it where inlet air is warm and changes fast.',
  },
  gpuTemperatureHighFallbackCelsius: {
    value: 85,
    unit: 'celsius',
    reason:
      'Used only for a GPU that reports no slowdown temperature. Data centre boards of several generations slow down between 87 and 95.',
  },
  gpuTemperatureCriticalFallbackCelsius: {
    value: 92,
    unit: 'celsius',
    reason:
      'Used only for a GPU that reports no slowdown temperature. At this level every air-cooled data centre board slows down or is about to.',
  },
  gpuMemoryTemperatureMarginCelsius: {
    value: 5,
    unit: 'celsius',
    reason: 'Distance to the highest memory temperature that the GPU itself reports, above which memory slows down.',
  },
  gpuMemoryTemperatureHighFallbackCelsius: {
    value: 95,
    unit: 'celsius',
    reason: 'Used only for a GPU that reports no limit. HBM is commonly limited to 95 or 105.',
  },
  gpuThermalThrottleRatio: {
    value: 0.1,
    unit: 'ratio',
    reason:
      'Share of ten minutes that thermal protection held the clocks down. Below a tenth a job hardly notices; synchronous training waits for its slowest GPU, so lower it where one job spans many GPUs.',
  },
  gpuHwSlowdownRatio: {
    value: 0.1,
    unit: 'ratio',
    reason:
      'Share of ten minutes in hardware slowdown, which at least halves the clocks. A tenth ignores one stray reading at any scrape interval up to a minute.',
  },
  gpuPowerCappedRatio: {
    value: 0.8,
    unit: 'ratio',
    reason:
      'Share of half an hour at the software power cap. Dense training touches the cap all the time, so only nearly permanent capping is worth a note.',
  },
  gpuPowerAboveLimitRatio: {
    value: 1.1,
    unit: 'ratio',
    reason:
      'Average power over the enforced limit. The power controller overshoots for milliseconds, never for minutes; a tenth allows for the sensor.',
  },
  gpuMemoryNearlyFullRatio: {
    value: 0.9,
    unit: 'ratio',
    reason:
      'Share of device memory in use. Frameworks and LLM servers fill memory on purpose (0.9 is a common default of servers), so this is a note, not a fault. Raise it where servers reserve more.',
  },
  gpuEccCorrectableErrorsPerHour: {
    value: 1000,
    unit: 'errors per hour',
    reason:
      'Correctable errors cost nothing by themselves, and large operators tolerate millions; a burst on one GPU is an early sign of a failing memory bank. Raise it on old boards with a known background.',
  },
  gpuPcieLoadRatio: {
    value: 0.2,
    unit: 'ratio',
    reason:
      'Utilization above which the link must be at its full generation. An idle GPU lowers it to save power, which is no fault.',
  },
  gpuPcieReplaysPerMinute: {
    value: 8,
    unit: 'replays per minute',
    reason:
      'A sound link replays next to nothing. Eight a minute is the level at which DCGM health checks begin to warn; verify it on your boards.',
  },
  xidNewSeriesMaxAgeSeconds: {
    value: 600,
    unit: 'seconds',
    reason:
      'A counter that appears with errors on it alerts only if its last error is younger than this, so that a Prometheus that was down does not report old errors again. Clocks of nodes may be off by a few minutes.',
  },
  manyExportersDownRatio: {
    value: 0.1,
    unit: 'ratio',
    reason:
      'Share of the targets of one job that are down; beyond a tenth the cause is shared: network, rollout, certificate.',
  },
  manyExportersDownCount: {
    value: 3,
    unit: 'targets',
    reason: 'In a small cluster one node is already more than a tenth; fewer than three are left to ExporterDown.',
  },
  exporterScrapeSlowSeconds: {
    value: 8,
    unit: 'seconds',
    reason: 'Four fifths of the scrape timeout of 10 s, after which the scrape fails. Follow your own scrape_timeout.',
  },
  collectorSuccessRatio: {
    value: 0.5,
    unit: 'ratio',
    reason:
      'Share of 15 minutes in which the collector succeeded. An average also finds a collector that fails every second time.',
  },
  gpuReadingsStaleSeconds: {
    value: 120,
    unit: 'seconds',
    reason: 'The GPU exporter reads every few seconds; after two minutes its numbers no longer describe the GPU.',
  },
  ruleEvaluationSlowRatio: {
    value: 0.8,
    unit: 'ratio',
    reason: 'Share of the interval that one evaluation of a rule group takes. At 1 evaluations are skipped.',
  },
} as const satisfies Readonly<Record<string, Threshold>>;

export type ThresholdName = keyof typeof thresholds;
