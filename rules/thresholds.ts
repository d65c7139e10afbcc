import type { Parameter } from '../metrics/promql.ts';

export interface ThresholdSpec {
  readonly value: number;
  readonly unit: string;
  /** The highest value that makes sense, where it is not that of the unit: 1 for a share. */
  readonly max?: number;
  /** Why this default, and when to change it. */
  readonly reason: string;
}

/** Stands in an expression under its own name, so that the rules of a site may set it. */
export interface Threshold extends ThresholdSpec, Parameter {}

/** Every number of the alerts that an operator may want to change. The last word of a name is its unit. */
const specs = {
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
  inferenceTrafficPerMinute: {
    value: 6,
    unit: 'requests per minute',
    reason:
      'Fewer than one in ten seconds make no quantile and no ratio: one slow or failed request would be an alert.',
  },
  inferenceTtftSeconds: {
    value: 2,
    unit: 'seconds',
    reason:
      'Time to the first token that 95 % of the answers stay below, the default of --slo.ttft. People take a chat for broken after a few seconds. Raise it for long prompts and for models that think before they answer.',
  },
  inferenceTimePerTokenSeconds: {
    value: 0.1,
    unit: 'seconds',
    reason:
      'Time between two tokens that 95 % stay below, the default of --slo.tpot. At ten tokens a second text comes as fast as people read; programs want more.',
  },
  inferenceDurationSeconds: {
    value: 120,
    unit: 'seconds',
    reason:
      'Duration that 99 % of the requests stay below. It grows with the length of answers, so it must be far above a usual one: 2,000 tokens at 40 ms take 80 s. Many clients and load balancers give up at two minutes.',
  },
  inferenceErrorsRatio: {
    value: 0.05,
    unit: 'ratio',
    reason:
      'Share of requests that fail for a reason that is not the client. A restart of one of several replicas stays below; the error budget finds what is less and lasts.',
  },
  inferenceQueueCount: {
    value: 10,
    unit: 'requests',
    reason: 'A shorter queue is gone within seconds. Engines take new requests into the batch as others end.',
  },
  inferenceKvCacheRatio: {
    value: 0.95,
    unit: 'ratio',
    reason:
      'Share of the KV cache in use. Above it the next request waits, or pushes another out of the batch. A full cache with nobody waiting is a well used GPU, and not told.',
  },
  inferencePreemptionsPerMinute: {
    value: 6,
    unit: 'preemptions per minute',
    reason:
      'Each one throws away or moves the work on a request. A few in a burst cost little; one in ten seconds goes on.',
  },
  inferenceCacheHitDropRatio: {
    value: 0.5,
    unit: 'ratio',
    reason:
      'Hit ratio of the last half hour over the median of the day before. It follows what people ask and varies by a third; half of it has a cause.',
  },
  inferenceCacheHitUsualRatio: {
    value: 0.2,
    unit: 'ratio',
    reason: 'A cache that usually finds less than a fifth saves little, and nobody misses it.',
  },
  inferenceImbalanceRatio: {
    value: 1.5,
    unit: 'ratio',
    reason:
      'Requests at one replica over the mean of all. With two replicas it means three times as many as the other has. Raise it where routing by prefix is meant to be uneven.',
  },
  inferenceImbalanceCount: {
    value: 8,
    unit: 'requests',
    reason: 'A replica with fewer requests than a small batch is not slowed down by them, however idle the others are.',
  },
  inferenceBurnFastRatio: {
    value: 14.4,
    unit: 'ratio',
    reason: 'Times the rate that would use up the error budget in just 30 days: 2 % of it go in an hour.',
  },
  inferenceBurnMidRatio: {
    value: 6,
    unit: 'ratio',
    reason: 'The same over six hours: 5 % of the budget of 30 days.',
  },
  inferenceBurnSlowRatio: {
    value: 3,
    unit: 'ratio',
    reason: 'The same over a day: 10 % of the budget of 30 days.',
  },
  inferenceBurnVerySlowRatio: {
    value: 1,
    unit: 'ratio',
    reason: 'The same over three days: 10 % of the budget of 30 days. At this rate nothing is left at their end.',
  },
  inferenceBurnEventsCount: {
    value: 20,
    unit: 'requests in the long window',
    reason: 'With fewer requests the ratio says little, and nobody should be woken for it.',
  },
  inferenceBurnBadEventsCount: {
    value: 5,
    unit: 'bad requests in the long window',
    reason:
      'With strict objectives a single bad request among some hundred is a fast burn. Five of them are no accident. Lower it where each request counts.',
  },
  inferenceSloTrafficCount: {
    value: 20,
    unit: 'requests in fifteen minutes',
    reason: 'Requests at the proxy after which at least one must have been judged by an objective.',
  },
  inferenceUsageMissingRatio: {
    value: 0.05,
    unit: 'ratio',
    reason:
      'Share of answers without usage. Tokens of these are missing in budgets and bills, so lower it where tokens are money.',
  },
  inferenceUsageMissingCount: {
    value: 5,
    unit: 'answers in half an hour',
    reason: 'One odd answer at night is no fault of the server.',
  },
  tenantBudgetUsedRatio: {
    value: 0.5,
    unit: 'ratio',
    max: 10,
    reason:
      'Share of the token budget below which nobody is told that it will not last: what the first hours of a day or the first days of a month foretell is often wrong.',
  },
  tenantRejectedRatio: {
    value: 0.1,
    unit: 'ratio',
    reason:
      'Share of the requests of the tenant that a limit rejects. Limits are there to be met now and then; from a tenth on the tenant notices.',
  },
  tenantRejectedCount: {
    value: 20,
    unit: 'requests in ten minutes',
    reason: 'Fewer rejected requests are one client that tried again too soon.',
  },
  modelAccuracyLowFallbackRatio: {
    value: 0.85,
    unit: 'ratio',
    reason:
      'Used only for a quality that was pushed without a threshold. What is good depends on the model and the data, so push a threshold with it.',
  },
  modelAccuracyStaleSeconds: {
    value: 604_800,
    unit: 'seconds',
    reason:
      'A week: evaluation jobs run nightly or weekly. Keep it below --quality.retention, after which the quality is shown no more.',
  },
  cmdbStaleIntervalsCount: {
    value: 3,
    unit: 'intervals',
    reason:
      'Looks in a row that a source may miss. One is a restart of what it looks at, three are a fault. Raise it for sources that are looked at every few seconds.',
  },
  cmdbStaleGraceSeconds: {
    value: 120,
    unit: 'seconds',
    reason: 'On top of the intervals, since a look takes time and looks of several sources wait for each other.',
  },
  cmdbProblemsCount: {
    value: 10,
    unit: 'problems in one look',
    reason:
      'What a source could not read or make sense of. A few odd records are in every inventory; more mean a format or a permission that has changed.',
  },
  cmdbNotSeenSeconds: {
    value: 86_400,
    unit: 'seconds',
    reason:
      'A day: no source looks less often, and a server that was away for repair over night is back. Raise it where sources are looked at once a day.',
  },
  cmdbConflictsCount: {
    value: 0,
    unit: 'conflicts',
    reason: 'Each one hides which of two sources is right. Raise it while a second source is being introduced.',
  },
  cmdbBaselineBehindRatio: {
    value: 0.1,
    unit: 'ratio',
    reason:
      'Share of the items of a model that are behind the baseline for days. The last few servers of a rollout are often in repair; a tenth means that it stands still.',
  },
  cmdbTargetsRefusedCount: {
    value: 3,
    unit: 'refused answers in fifteen minutes',
    reason: 'Prometheus asks once a minute. A single refused answer is a source that was read while it changed.',
  },
  cmdbSdFailuresCount: {
    value: 3,
    unit: 'failed questions in fifteen minutes',
    reason: 'Prometheus asks once a minute and keeps the last list. A restart of the inventory costs one or two.',
  },
  bmcTemperatureCriticalFallbackCelsius: {
    value: 85,
    unit: 'celsius',
    reason:
      'Used only for a sensor whose management controller tells no critical temperature. Boards and memory are specified to 85 or more; raise it for sensors inside chips.',
  },
  bmcLogNewSeconds: {
    value: 3600,
    unit: 'seconds',
    reason:
      'An hour: an entry of a hardware log is news for as long. Clocks of management controllers are often off by minutes.',
  },
  spendAnomalyDeviationsCount: {
    value: 6,
    unit: 'deviations from the median of the week',
    reason:
      'A deviation is at least a tenth of the median, so steady spending must grow by more than half before anybody is told, and spending that swings by more.',
  },
  budgetForecastRatio: {
    value: 1,
    unit: 'ratio',
    reason: 'Share of the budget at the end of the period that four of five forecasts exceed.',
  },
  budgetPaceRatio: {
    value: 1.2,
    unit: 'ratio',
    reason:
      'Used where too few days are known for bounds: pace alone swings, so a fifth above the budget is asked for.',
  },
  budgetPaceElapsedRatio: {
    value: 0.25,
    unit: 'ratio',
    reason: 'Share of the period that must have passed before pace alone counts: the first days say little.',
  },
  quotaNearlyUsedRatio: {
    value: 0.9,
    unit: 'ratio',
    max: 10,
    reason: 'Share of a quota. Beyond nine tenths the next job of usual size may not start.',
  },
  idleCostRatio: {
    value: 0.3,
    unit: 'ratio',
    reason:
      'Share of the bill of a tenant that is for reserved GPUs that nobody used. Some reserve is what a reservation is for.',
  },
  idleCostElapsedRatio: {
    value: 0.1,
    unit: 'ratio',
    reason:
      'Share of the period that must have passed: on the first day of a month one late start would be most of the bill.',
  },
  unattributedRatio: {
    value: 0.02,
    unit: 'ratio',
    reason:
      'Share of the used GPU time that nobody pays for. A few test pods are below; a new namespace or account is above.',
  },
  meteringGapSeconds: {
    value: 10_800,
    unit: 'seconds',
    reason:
      'The watermark lags by a window and its delay, 70 minutes with the usual ones, and a window may be held for a while. Raise it where windows are held for longer.',
  },
  meteringCoverageRatio: {
    value: 0.95,
    unit: 'ratio',
    reason:
      'Share of the scrapes that were seen in a day. A rolling update costs less; below it bills rest on gap policies.',
  },
  meteringDriftRatio: {
    value: 0.1,
    unit: 'ratio',
    max: 10,
    reason:
      'Difference of a day of billed GPU time from what the exporters show as allocated. Windows of an hour shift up to two of the 24 hours from one day to the next.',
  },
  conservationErrorSeconds: {
    value: 60,
    unit: 'seconds',
    reason:
      'GPU seconds in a day. Clocks of two exporters that tell of one GPU may differ by some; a minute is a fault.',
  },
  billOverdueSeconds: {
    value: 432_000,
    unit: 'seconds',
    reason: 'Five days after the end of the period: late data are in by then. Raise it where bills are closed later.',
  },
  riskOverBaseRatio: {
    value: 3,
    unit: 'times the base rate',
    reason:
      'Within the alert budget only GPUs that stand out are worth a look. On a public trace of 400 servers the ten likeliest a day failed within the week five times as often as the average; the number of alerts is set by alert_budget in the file of the service, not here. No level such as 0.8 would do: a calibrated probability of a week hardly ever gets there.',
  },
  expectedFailuresRatio: {
    value: 1.5,
    unit: 'ratio',
    reason:
      'Failures to expect in a week over those a week ago. Half as many again is a cause of its own, such as a hot row or a bad batch, once it is also more than chance.',
  },
  expectedFailuresCount: {
    value: 3,
    unit: 'failures',
    reason: 'To expect within a week. Where fewer are due, spares are not short and one GPU makes half of the rise.',
  },
  riskShiftRatio: {
    value: 2,
    unit: 'ratio',
    reason:
      'Median of the probabilities over that of the day before. Fleets do not become twice as likely to fail over night; data and models do.',
  },
  predictionStaleSeconds: {
    value: 7200,
    unit: 'seconds',
    reason:
      'Two hours: the fleet is scored every five minutes, and at least once an hour, the most that --prediction.scoring-interval allows.',
  },
  trainingOverdueSeconds: {
    value: 86_400,
    unit: 'seconds',
    reason: 'A day past the moment at which models were to be made. A training that waits for history takes hours.',
  },
  modelAgeSeconds: {
    value: 8_640_000,
    unit: 'seconds',
    reason:
      'A hundred days. Models are made weekly by default and up to every 90 days; a set that was kept because fresh ones were worse grows old too, and is worth a look.',
  },
  featureDriftPsiRatio: {
    value: 0.2,
    unit: 'population stability index',
    reason: 'The customary level, by use and not by proof, above which a feature lies elsewhere than in training.',
  },
  featureDriftCount: {
    value: 5,
    unit: 'features',
    reason:
      'Of 115 of a GPU. Single features shift with the load of a week; more of them shift with a driver, an exporter or new GPUs.',
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
} as const satisfies Readonly<Record<string, ThresholdSpec>>;

export type ThresholdName = keyof typeof specs;

export const thresholds = Object.freeze(
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, Object.freeze({ ...spec, parameter: name })])),
) as Readonly<Record<ThresholdName, Threshold>>;
