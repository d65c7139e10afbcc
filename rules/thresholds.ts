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
  trainingSpikesCount: {
    value: 3,
    unit: 'losses within half an hour',
    reason:
      'Losses above median + 6 MAD that it takes. By chance alone one in some ten thousand losses of a healthy run stands out so far, three within half an hour do not. A loss of 10 times the first hundred needs no second one.',
  },
  trainingGradNormRatio: {
    value: 10,
    unit: 'ratio',
    reason:
      'Norm of the gradients over its median of the last hour. Single batches reach a few times the median; ten times for longer than two minutes is not noise.',
  },
  trainingPlateauRatio: {
    value: 0.001,
    unit: 'ratio',
    reason:
      'Share by which the median loss has to fall from one six hours to the next. Lower it for the late phase of a long pre-training, where less than that is normal.',
  },
  trainingStallStepsCount: {
    value: 10,
    unit: 'median steps',
    reason:
      'Steps that could have been done since the last report. Single steps take some times the median, for garbage collection, a slow batch or a checkpoint that nobody reports.',
  },
  trainingStallSeconds: {
    value: 120,
    unit: 'seconds',
    reason:
      'On top of two intervals between reports. Writers of event files keep what they have for up to 120 s (flush_secs of SummaryWriter), so younger silence means nothing. Raise it with flush_secs.',
  },
  trainingStallUnknownPaceSeconds: {
    value: 1800,
    unit: 'seconds',
    reason:
      'Used only after a single report, when nobody knows yet how long a step takes. Compilation and the first pass over the data may take many minutes.',
  },
  trainingStartSeconds: {
    value: 2700,
    unit: 'seconds',
    reason:
      'From the first sign of life to the first step. Compiling and sharding a large model takes many minutes, seldom three quarters of an hour. Keep it below --runs.idle-after of the exporter.',
  },
  trainingRestartsPerHour: {
    value: 3,
    unit: 'restarts per hour',
    reason:
      'A run that is started again more often does not get far: it has lost more time to starting than a single fault costs. Raise it for folders in which people try things out.',
  },
  trainingThroughputDropRatio: {
    value: 0.85,
    unit: 'ratio',
    reason:
      'Speed of the last five minutes over the median of two hours. Healthy runs stay within a few percent of themselves; 15 % less for ten minutes has a cause. Lower it for variable sequence lengths.',
  },
  trainingMfuLowRatio: {
    value: 0.25,
    unit: 'ratio',
    reason:
      'Dense models on data centre GPUs reach 0.35 to 0.55. Lower it for small models, long sequences and mixtures of experts, which reach less.',
  },
  trainingStragglerRatio: {
    value: 0.75,
    unit: 'ratio',
    reason:
      'Time of the fastest rank over the time of this one. It is the threshold that nvidia-resiliency-ext uses for the same score.',
  },
  trainingStragglerStepRatio: {
    value: 0.05,
    unit: 'ratio',
    reason:
      'Share of a step that the rank costs all others. Phases of a few milliseconds differ by a lot and cost nothing.',
  },
  trainingDataStarvedRatio: {
    value: 0.2,
    unit: 'ratio',
    reason:
      'Share of the time that training waits for data. A loader that keeps up is below a hundredth; at a fifth the GPUs of the run idle for a fifth.',
  },
  trainingGoodputLowRatio: {
    value: 0.9,
    unit: 'ratio',
    reason:
      'Share of a day spent on steps that last, evaluation not held against it. Llama 3 was trained on 16,000 GPUs with more than 90 % effective training time.',
  },
  trainingGoodputMinimumSeconds: {
    value: 14_400,
    unit: 'seconds',
    reason: 'A run younger than four hours is judged by its start alone, which every run has to pay for.',
  },
  trainingCheckpointAgeRatio: {
    value: 2,
    unit: 'ratio',
    reason:
      'Age of the newest checkpoint over the usual time between two. Twice means that one was left out, and that a crash costs twice as much work as planned.',
  },
  trainingBadRecordsCount: {
    value: 10,
    unit: 'records within fifteen minutes',
    reason:
      'Records that could not be read. A writer that is killed leaves one torn record; ten mean damaged files or a format that is not understood.',
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
