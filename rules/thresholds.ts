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
  amdJunctionTemperatureHighCelsius: {
    value: 95,
    unit: 'celsius',
    reason:
      'The hottest spot of an Instinct GPU, which is some 10 to 20 degrees above what other makers call the temperature. Not verified on hardware: set it to 5 below the limit in the data sheet of your boards.',
  },
  amdJunctionTemperatureCriticalCelsius: {
    value: 105,
    unit: 'celsius',
    reason:
      'Data sheets of Instinct boards name 100 to 110 for the hottest spot, where clocks are held down. Not verified on hardware.',
  },
  gpuEccCorrectableErrorsPerHour: {
    value: 1000,
    unit: 'errors per hour',
    reason:
      'Correctable errors cost nothing by themselves, and large operators tolerate millions; a burst on one GPU is an early sign of a failing memory bank. Raise it on old boards with a known background.',
  },
  gpuCorrectableRemapsCount: {
    value: 8,
    unit: 'rows within a day',
    reason:
      'Rows that were replaced before they lost data. Single ones are what spare rows are for; an operator has reported 254 of them over 55 days before the loss of a board, which is some five a day.',
  },
  gpuFailedJobsCount: {
    value: 3,
    unit: 'jobs within a day',
    reason:
      'Different jobs that failed with XID 13 or 31 on the same GPU. One job is a program, two may be the same program started again; three point to the GPU.',
  },
  gpuClockBelowPeersRatio: {
    value: 0.85,
    unit: 'ratio',
    reason:
      'Clock of a busy GPU over the median of its job. GPUs of one model under the same load differ by a few percent; 15 % less costs the job as much.',
  },
  gpuNvlinkCrcErrorsPerMinute: {
    value: 6,
    unit: 'errors per minute',
    reason:
      'Sound links have next to none. One in ten seconds goes on for long enough to be told from what happens when links are trained. Verify it on your boards.',
  },
  gpuFanNeededCelsius: {
    value: 60,
    unit: 'celsius',
    reason: 'Boards with a fan that may stand still start it well below 60. Raise it for boards that start it later.',
  },
  gpuIdleRatio: {
    value: 0.05,
    unit: 'ratio',
    reason:
      'Utilization that an hour never reached. Frameworks that wait now and then start a kernel; anybody who works reaches a twentieth within an hour. Raise it where GPUs are scarce.',
  },
  gpuMemoryLeakBytesPerHour: {
    value: 536_870_912,
    unit: 'bytes per hour',
    reason:
      'Half a gigabyte an hour fills the largest boards within days. Slower growth is left to GpuMemoryNearlyFull.',
  },
  gpuMemoryLeakHorizonSeconds: {
    value: 14_400,
    unit: 'seconds',
    reason: 'Memory that lasts for longer than four hours leaves time to see whether it goes on growing.',
  },
  gpuOrphanedMemoryRatio: {
    value: 0.02,
    unit: 'ratio',
    reason:
      'Share of the memory of a GPU that nobody has. Persistence mode and the driver take up to some hundred megabytes; a process that was left behind holds gigabytes.',
  },
  gpuTemperatureImpossibleCelsius: {
    value: 150,
    unit: 'celsius',
    reason:
      'Boards switch themselves off well below 120, so a higher reading is no temperature. 0 and less count too: no GPU that runs is that cold.',
  },
  gpuPowerImpossibleRatio: {
    value: 2,
    unit: 'ratio',
    reason:
      'Power over the highest limit that may be set on the board. Peaks of milliseconds reach one and a half times the limit; twice as much for minutes would trip the fuse.',
  },
  gpuBusyRatio: {
    value: 0.5,
    unit: 'ratio',
    reason:
      'Utilization above which temperature and power must move, and above which clocks of the GPUs of a job can be compared. An idle GPU may well show the same values for half an hour, and lowers its clocks.',
  },
  gpuCounterResetsPerHour: {
    value: 2,
    unit: 'resets per hour',
    reason:
      'Loading the driver or resetting the GPU starts its counters anew, which a repair may do twice within an hour. Two exporters that write one series make a reset at every other scrape.',
  },
  gpuFleetEventRatio: {
    value: 0.3,
    unit: 'ratio',
    reason:
      'Share of the GPUs of a cluster with the same alert. Single faults stay below a hundredth; a cause that is shared hits most of a room, a rack row or a driver version.',
  },
  gpuFleetEventNodesCount: {
    value: 3,
    unit: 'nodes',
    reason: 'One or two nodes are told node by node in one message each, also where they are most of a small cluster.',
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
  sloBurnFastRatio: {
    value: 14.4,
    unit: 'ratio',
    reason: 'Times the rate that would use up the error budget in just 30 days: 2 % of it go in an hour.',
  },
  sloBurnMidRatio: {
    value: 6,
    unit: 'ratio',
    reason: 'The same over six hours: 5 % of the budget of 30 days.',
  },
  sloBurnSlowRatio: {
    value: 3,
    unit: 'ratio',
    reason: 'The same over a day: 10 % of the budget of 30 days.',
  },
  sloBurnVerySlowRatio: {
    value: 1,
    unit: 'ratio',
    reason: 'The same over three days: 10 % of the budget of 30 days. At this rate nothing is left at their end.',
  },
  sloEventsCount: {
    value: 20,
    unit: 'events in the long window',
    reason: 'With fewer requests, or minutes of GPUs, the ratio says little, and nobody should be woken for it.',
  },
  sloBadEventsCount: {
    value: 5,
    unit: 'bad events in the long window',
    reason:
      'With strict objectives a single bad event among some hundred is a fast burn. Five of them are no accident. Lower it where each one counts.',
  },
  inferenceThroughputDropRatio: {
    value: 0.85,
    unit: 'ratio',
    reason:
      'Tokens per second over their median of two hours, at the same load. Batches and lengths of answers make it swing by some percent; 15 % less for a quarter of an hour has a cause.',
  },
  inferenceThroughputLoadRatio: {
    value: 0.9,
    unit: 'ratio',
    reason:
      'Requests that are being worked on, over their median of two hours. Fewer tokens for fewer requests are no fault, so at nine tenths and below nobody is told.',
  },
  inferenceThroughputPerMinute: {
    value: 600,
    unit: 'tokens per minute',
    reason: 'A model that usually makes fewer than ten tokens a second has a request now and then, and no usual speed.',
  },
  inferenceTrafficDropRatio: {
    value: 0.7,
    unit: 'ratio',
    reason:
      'Requests of a quarter of an hour over those of the same hour yesterday and a week ago. The band says that it is unusual, this that it matters: people and batch jobs come and go by a fifth.',
  },
  inferenceTrafficSurgeRatio: {
    value: 2,
    unit: 'ratio',
    reason:
      'The same upwards. Growth by half from one week to the next is a success; twice as many is a loop or a launch.',
  },
  inferenceReplicaSlowRatio: {
    value: 1.3,
    unit: 'ratio',
    reason:
      'Time between two tokens at a replica over the median of the replicas of its model. Equal replicas under even routing differ by a tenth. Raise it where they are on different GPUs.',
  },
  inferenceReplicasCount: {
    value: 3,
    unit: 'replicas',
    reason: 'Of two that differ nobody knows which one is wrong.',
  },
  anomalyFleetRatio: {
    value: 0.3,
    unit: 'ratio',
    reason:
      'Share of the members that deviate at once, from which on one cause is behind them all and one alert tells of it, as for the events of the prediction service.',
  },
  anomalyFleetCount: {
    value: 3,
    unit: 'members',
    reason: 'Of two or three models one is always a third: fewer than three that deviate are told one by one.',
  },
  gpuAvailabilityObjectiveRatio: {
    value: 0.99,
    unit: 'ratio',
    reason:
      'Share of the GPU time of thirty days in which GPUs are up. Of a hundred GPUs one may be away all the time, since repair takes days. Set it to what was promised.',
  },
  nodeAvailabilityObjectiveRatio: {
    value: 0.995,
    unit: 'ratio',
    reason:
      'Share of the time of machines of thirty days in which they answer. Of two hundred machines one may be away all the time; what is under maintenance in the inventory does not count.',
  },
  trainingGoodputObjectiveRatio: {
    value: 0.9,
    unit: 'ratio',
    reason:
      'Share of the time of all runs of thirty days that goes into steps that last, evaluation not held against it. Llama 3 was trained on 16,000 GPUs with more than 90 % effective training time.',
  },
  trainingGoodputRunMinutesCount: {
    value: 240,
    unit: 'minutes of runs in the long window',
    reason: 'Less than four hours of runs are somebody who tries something out, and most of it is starting.',
  },
  trainingGoodputLostMinutesCount: {
    value: 180,
    unit: 'lost minutes of runs in the long window',
    reason: 'Three hours of a run are lost by one crash and its rollback, which is no trouble of the whole cluster.',
  },
  collectionAvailabilityObjectiveRatio: {
    value: 0.999,
    unit: 'ratio',
    reason:
      'Share of the scrapes of thirty days that succeed. A restart of an exporter costs one; more is a hole in bills and in every other objective.',
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
  nodeReadinessChangesCount: {
    value: 4,
    unit: 'changes in half an hour',
    reason: 'A reboot is two changes, of away and back. More than two reboots in half an hour are no maintenance.',
  },
  gpuPodsPendingCount: {
    value: 0,
    unit: 'pods',
    reason:
      'Each pod that has waited for twenty minutes counts. Raise it where people are meant to wait without a queue.',
  },
  apiServerLatencySeconds: {
    value: 1,
    unit: 'seconds',
    reason: 'What the Kubernetes project promises itself for requests for single objects. Usual is a tenth of it.',
  },
  apiServerTrafficPerMinute: {
    value: 6,
    unit: 'requests per minute',
    reason: 'Fewer than one in ten seconds make no quantile: one slow request would be an alert.',
  },
  apiServerErrorBudgetRatio: {
    value: 0.01,
    unit: 'ratio',
    reason:
      'Share of requests that the API may fail over 30 days: 99 % is what managed control planes promise at least.',
  },
  apiServerBurnFastRatio: {
    value: 14.4,
    unit: 'ratio',
    reason: 'Times the rate that would use up the error budget in just 30 days: 2 % of it go in an hour.',
  },
  apiServerBurnMidRatio: {
    value: 6,
    unit: 'ratio',
    reason: 'The same over six hours: 5 % of the budget of 30 days.',
  },
  volumeLeftCriticalRatio: {
    value: 0.03,
    unit: 'ratio',
    reason:
      'Share of a volume that is left. A checkpoint is mostly larger, so the next one fails. Raise it for small volumes with large models.',
  },
  volumeLeftWarningRatio: {
    value: 0.15,
    unit: 'ratio',
    reason: 'Above it there is time, whatever the forecast says: volumes fill in bursts and are emptied again.',
  },
  volumeFullWithinSeconds: {
    value: 86400,
    unit: 'seconds',
    reason: 'How far ahead the growth of six hours is drawn out: a day leaves working hours to act in.',
  },
  monitoringVolumeLeftRatio: {
    value: 0.1,
    unit: 'ratio',
    reason:
      'Share of a volume of the monitoring that is left. Compaction needs room for a copy of a block, which is up to a tenth of what is kept.',
  },
  nodeCpuHighRatio: {
    value: 0.9,
    unit: 'ratio',
    reason:
      'Share of the time that the CPUs of a machine are busy, as is customary for a first note. It says nothing by itself, hence a note and no warning.',
  },
  nodeCpuSaturatedRatio: {
    value: 0.95,
    unit: 'ratio',
    reason:
      'Above it no CPU is free for what comes, and if processes wait as well the machine is too small for its work.',
  },
  nodeLoadPerCpuRatio: {
    value: 2,
    unit: 'ratio',
    reason: 'Processes that run or wait over CPUs. At two, each gets half of the time that it wants.',
  },
  nodeProcessesBlockedCount: {
    value: 8,
    unit: 'processes',
    reason:
      'Each GPU has a process that may wait for a read at any moment. More of them, for ten minutes without a break, hang.',
  },
  nodeMemoryAvailableRatio: {
    value: 0.05,
    unit: 'ratio',
    reason:
      'Share of main memory that is left. On a machine with 2 TiB it is 100 GiB, which a checkpoint on its way to disk can take. Lower it where memory is planned to the full.',
  },
  nodeClockOffsetSeconds: {
    value: 0.05,
    unit: 'seconds',
    reason:
      'A time daemon keeps a clock within a few milliseconds. Beyond 50 ms the order of events in logs of several machines is lost.',
  },
  nodeMemoryCorrectedPerHour: {
    value: 100,
    unit: 'errors per hour',
    reason: 'Single errors are usual in terabytes of memory. More than one a minute comes from one module.',
  },
  filesystemLeftCriticalRatio: {
    value: 0.03,
    unit: 'ratio',
    reason: 'Share of a file system that is left. Most keep a twentieth for root, so users have nothing more soon.',
  },
  filesystemLeftWarningRatio: {
    value: 0.15,
    unit: 'ratio',
    reason: 'Above it there is time, whatever the forecast says.',
  },
  nfsRetransmissionsRatio: {
    value: 0.05,
    unit: 'ratio',
    reason:
      'Share of what is sent that is sent again. A call waits for at least a second before that, so a twentieth multiplies the mean.',
  },
  diskQueueCount: {
    value: 64,
    unit: 'requests',
    reason: 'Mean length of the queue of a disk. An NVMe is meant to have some dozens.',
  },
  networkErrorsPerMinute: {
    value: 60,
    unit: 'errors per minute',
    reason: 'A link of 100 Gb/s within its specification has one damaged packet in minutes.',
  },
  networkCarrierChangesPerHour: {
    value: 6,
    unit: 'changes per hour',
    reason: 'A restart of a switch is two changes. Three of them in an hour are no maintenance.',
  },
  fabricDownMachinesCount: {
    value: 3,
    unit: 'machines',
    reason:
      'Two machines of a rack with a bad cable each are chance while they wait for repair. Not tried on hardware.',
  },
  fabricDownMachinesRatio: {
    value: 0.5,
    unit: 'ratio',
    reason:
      'Share of the machines of a rack that have lost a link. A leaf switch serves all of them, or each second one where a rack has two. Not tried on hardware.',
  },
  infinibandLinkDownsPerHour: {
    value: 2,
    unit: 'losses per hour',
    reason: 'A restart of a switch is one or two. Not tried on hardware; lower it where switches are never restarted.',
  },
  infinibandSymbolErrorsPerMinute: {
    value: 60,
    unit: 'symbols per minute',
    reason: 'InfiniBand allows one damaged bit in 10^12, which is 24 a minute at 400 Gb/s. Not tried on hardware.',
  },
  infinibandRecoveriesPerHour: {
    value: 10,
    unit: 'recoveries per hour',
    reason:
      'Each one is a pause of the link. Not tried on hardware; ten is the level at which common tools list a port.',
  },
  kafkaLagCount: {
    value: 10_000,
    unit: 'messages',
    reason:
      'Readers take thousands of messages a second, so less is gone in seconds. Lower it for topics of few, large messages.',
  },
  redisMemoryRatio: {
    value: 0.9,
    unit: 'ratio',
    reason: 'Share of the memory that Redis may have. Beyond it a burst of writes meets the limit.',
  },
  redisLookupsPerMinute: {
    value: 60,
    unit: 'keys per minute',
    reason: 'Fewer say nothing of a cache.',
  },
  redisHitRatio: {
    value: 0.8,
    unit: 'ratio',
    reason:
      'Share of the keys that are found. A cache that spares work finds more; it depends on what is kept there, hence a note.',
  },
  dbConnectionsRatio: {
    value: 0.85,
    unit: 'ratio',
    reason:
      'Share of the connections that PostgreSQL takes. Three of a hundred are kept for its superuser, and a restart of a program has its pool twice for a moment.',
  },
  dbReplicationLagSeconds: {
    value: 60,
    unit: 'seconds',
    reason: 'A minute: what a switch to the replica may lose. Lower it where that is too much.',
  },
  dbDeadlocksCount: {
    value: 5,
    unit: 'deadlocks in fifteen minutes',
    reason: 'Programs try again after one. More of them cost throughput.',
  },
  dbTransactionSeconds: {
    value: 3600,
    unit: 'seconds',
    reason: 'An hour: no program needs as long, but a backup may. Raise it then.',
  },
  queueFreeGpusCount: {
    value: 8,
    unit: 'GPUs',
    reason:
      'A machine of eight that is free in pieces fits no job that wants a whole one. Set it to what is usually left over.',
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
  bridgeLimitedRequestsCount: {
    value: 3,
    unit: 'requests',
    reason:
      'Requests in half an hour that a robot refused because it had too many. The bridge stays within the limit by itself; a few come from clocks and from retries.',
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
  clockAheadSeconds: {
    value: 60,
    unit: 'seconds',
    reason:
      'Clocks that are kept by NTP differ by milliseconds. A minute allows for scrapes and for caches of readings.',
  },
  ruleEvaluationSlowRatio: {
    value: 0.8,
    unit: 'ratio',
    reason: 'Share of the interval that one evaluation of a rule group takes. At 1 evaluations are skipped.',
  },
  cardinalityJumpRatio: {
    value: 1.5,
    unit: 'ratio',
    reason:
      'Series of a target over those of a day ago. A new version of an exporter adds some; half as many again is a label that grew, or MIG that was switched on.',
  },
  cardinalityJumpCount: {
    value: 2000,
    unit: 'series',
    reason: 'A small target may grow tenfold and harm nobody.',
  },
  seriesChurnRatio: {
    value: 0.05,
    unit: 'ratio',
    reason:
      'Share of the series of a job that are new with each scrape, over an hour. At a scrape in 30 s a twentieth doubles the series in memory within ten minutes.',
  },
  alertsNotTakenRatio: {
    value: 0.03,
    unit: 'ratio',
    reason: 'Share of the alerts that the best of the Alertmanagers refuses. A restart within five minutes is less.',
  },
  notificationQueueRatio: {
    value: 0.5,
    unit: 'ratio',
    reason: 'Share of the queue that is never emptied. Beyond the half there is no room for a storm.',
  },
  headSeriesGrowthRatio: {
    value: 1.5,
    unit: 'ratio',
    reason:
      'Series in memory over those of a day ago. Prometheus needs memory in proportion, and most are given half as much again.',
  },
  headSeriesCount: {
    value: 100_000,
    unit: 'series',
    reason: 'A small server may grow as it likes.',
  },
  remoteWriteBehindSeconds: {
    value: 120,
    unit: 'seconds',
    reason: 'Two minutes: boards look current with less, and rules that read remote storage look back over five.',
  },
  remoteWriteFailedRatio: {
    value: 0.01,
    unit: 'ratio',
    reason: 'Share of samples that remote storage refuses for good.',
  },
  samplesRefusedPerMinute: {
    value: 10,
    unit: 'samples per minute',
    reason:
      'A pod that moves may overlap with itself for a scrape. More than some a minute are two targets with the same labels.',
  },
  notificationsFailedRatio: {
    value: 0.01,
    unit: 'ratio',
    reason:
      'Share of messages that Alertmanager could not send, after it has tried for a while. Each is somebody who was not told.',
  },
} as const satisfies Readonly<Record<string, ThresholdSpec>>;

export type ThresholdName = keyof typeof specs;

export const thresholds = Object.freeze(
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, Object.freeze({ ...spec, parameter: name })])),
) as Readonly<Record<ThresholdName, Threshold>>;
