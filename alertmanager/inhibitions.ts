import type { AlertTheme } from '../rules/alert.ts';
import collectionSlo from '../rules/alerts/collection-availability-slo.ts';
import gpuSlo from '../rules/alerts/gpu-availability-slo.ts';
import clocks from '../rules/alerts/gpu-clocks.ts';
import ecc from '../rules/alerts/gpu-ecc.ts';
import links from '../rules/alerts/gpu-links.ts';
import pcie from '../rules/alerts/gpu-pcie.ts';
import power from '../rules/alerts/gpu-power.ts';
import remap from '../rules/alerts/gpu-remap.ts';
import thermal from '../rules/alerts/gpu-thermal.ts';
import usage from '../rules/alerts/gpu-usage.ts';
import { alertThemes } from '../rules/alerts/index.ts';
import nodeSlo from '../rules/alerts/node-availability-slo.ts';
import infiniband from '../rules/alerts/node-infiniband.ts';
import plausibility from '../rules/alerts/plausibility.ts';
import checkpoints from '../rules/alerts/training-checkpoints.ts';
import exporter from '../rules/alerts/training-exporter.ts';
import goodputSlo from '../rules/alerts/training-goodput-slo.ts';
import speed from '../rules/alerts/training-speed.ts';
import trends from '../rules/alerts/training-trends.ts';
import { deliveryAlerts, heartbeatAlert, infoInhibitor } from './alert-names.ts';
import type { InhibitRule } from './config.ts';
import { isSet, isUnset, matchersOf, noneOf, type Selector } from './matchers.ts';

type EqualLabel =
  | 'cluster'
  | 'job'
  | 'instance'
  | 'node'
  | 'uuid'
  | 'run'
  | 'job_id'
  | 'engine_kind'
  | 'model_name'
  | 'tenant'
  | 'slo'
  | 'source'
  | 'budget'
  | 'namespace'
  | 'persistentvolumeclaim'
  | 'device'
  | 'port'
  | 'mountpoint'
  | 'rule_group'
  | 'alertname';

/** While a source fires, its targets with equal labels are not told to anybody. */
export interface Inhibition {
  readonly why: string;
  readonly source: Selector;
  readonly target: Selector;
  readonly equal: readonly EqualLabel[];
  /** Labels that neither side may have. */
  readonly without?: readonly EqualLabel[];
}

const gpu = ['cluster', 'node', 'uuid'] as const;
const node = ['cluster', 'node'] as const;
const run = ['cluster', 'run', 'job_id'] as const;
const slo = ['cluster', 'model_name', 'slo'] as const;

const gpuJob = 'fleetlens-gpu';
const brokenDriver = ['GpuDriverUnresponsive', 'GpuDriverUnavailable'] as const;
const gpuReadingsMissing = ['GpuMetricsMissingWhileUp', 'StaleReadings'] as const;

/** Those of the alerts on readings that are about single GPUs. */
const gpuReadingsWrong = namesOf(plausibility).filter((name) => name.startsWith('Gpu'));

/** What is told once for a cluster when a large part of its GPUs has it. */
const foldable = alertThemes
  .flatMap(({ alerts }) => alerts)
  .filter(
    ({ domain, severity, fires }) => domain === 'gpu' && severity !== 'info' && fires.alerts.some(({ uuid }) => uuid),
  )
  .map(({ name }) => name);

const fastBurns = ['InferenceErrorBudgetBurnFast', 'InferenceErrorBudgetBurnMid'] as const;
/** From the fastest to the slowest. */
const burns = [...fastBurns, 'InferenceErrorBudgetBurnSlow', 'InferenceErrorBudgetBurnVerySlow'] as const;
const ofCluster = ['cluster', 'slo'] as const;
const burnsOfAll = [
  { paces: burns, equal: slo },
  ...[gpuSlo, nodeSlo, goodputSlo, collectionSlo].map((theme) => ({ paces: burnsIn(theme), equal: ofCluster })),
];

/** An alert of one name at several severities is one fault; for GPUs, and for nodes as a whole. */
const severityLadder: readonly Inhibition[] = [
  { source: 'critical', target: ['warning', 'info'] },
  { source: 'warning', target: ['info'] },
].flatMap(({ source, target }) => {
  const rung = {
    why: `Whoever knows of the ${source} alert need not hear of the same at a lower severity.`,
    source: { severity: source },
    target: { severity: target },
  };
  return [
    { ...rung, equal: ['alertname', ...gpu] },
    { ...rung, equal: ['alertname', ...node], without: ['uuid'] },
  ] satisfies Inhibition[];
});

export const inhibitions: readonly Inhibition[] = [
  {
    why: 'Somebody works on the node and knows that it is away, reboots or lacks a part.',
    source: { alertname: 'NodeMaintenance' },
    target: {},
    equal: node,
  },
  {
    why: 'What a GPU reads shortly before or after it is lost is a consequence or nonsense, and the remedy is the same.',
    source: { alertname: ['GpuLost', 'GpuXidNodeReboot'] },
    target: {
      alertname: [...[thermal, ecc, remap, pcie, links, power, clocks, usage].flatMap(namesOf), ...gpuReadingsWrong],
    },
    equal: gpu,
  },
  {
    why: 'A GPU that is lost need not be foreseen, nor be told of again by a rule.',
    source: { alertname: ['GpuLost', 'GpuXidNodeReboot'] },
    target: { alertname: ['GpuFailureRuleActNow', 'GpuFailureRuleNextWindow', 'GpuFailureRiskHigh'] },
    equal: gpu,
  },
  {
    why: 'A rule that says to act now is a fact; that the same GPU is likely to fail adds nothing.',
    source: { alertname: 'GpuFailureRuleActNow' },
    target: { alertname: ['GpuFailureRuleNextWindow', 'GpuFailureRiskHigh'] },
    equal: gpu,
  },
  {
    why: 'A GPU that is too hot was close to it before and slows itself down; the critical alert says so already.',
    source: { alertname: 'GpuTemperatureCritical' },
    target: { alertname: ['GpuTemperatureHigh', 'GpuThermalThrottle', 'GpuHwSlowdown'] },
    equal: gpu,
  },
  {
    why: 'A temperature or power that cannot be is no reason to drain a node.',
    source: { alertname: 'GpuReadingImpossible', signal: 'temperature' },
    target: { alertname: ['GpuTemperatureHigh', 'GpuTemperatureCritical', 'GpuFanFailed'] },
    equal: gpu,
  },
  {
    why: 'The same for its power.',
    source: { alertname: 'GpuReadingImpossible', signal: 'power' },
    target: { alertname: 'GpuPowerAboveLimit' },
    equal: gpu,
  },
  {
    why: 'Whoever knows that a GPU is held down by heat or by its hardware knows why its clock is low.',
    source: { alertname: ['GpuTemperatureCritical', 'GpuThermalThrottle', 'GpuHwSlowdown'] },
    target: { alertname: 'GpuClockBelowPeers' },
    equal: gpu,
  },
  {
    why: 'A board that has to be exchanged is not reset first.',
    source: { alertname: 'GpuRowRemapFailure' },
    target: {
      alertname: [
        'GpuUncorrectableRowRemapped',
        'GpuRowRemapPending',
        'GpuCorrectableRemapGrowth',
        'GpuFailureRuleNextWindow',
      ],
    },
    equal: gpu,
  },
  {
    why: 'The reset that the one asks for is that of the other.',
    source: { alertname: ['GpuUncorrectableRowRemapped', 'GpuRecoveryActionRequired'] },
    target: { alertname: ['GpuRowRemapPending', 'GpuFailureRuleNextWindow'] },
    equal: gpu,
  },
  {
    why: 'That the driver asks for something is told by what it asks for; that it changed its mind adds nothing.',
    source: { alertname: 'GpuRecoveryActionRequired' },
    target: { alertname: 'GpuXidRecoveryAction' },
    equal: gpu,
  },
  {
    why: 'Links that are down had errors before.',
    source: { alertname: 'GpuNvlinkDown' },
    target: { alertname: ['GpuNvlinkCrcErrors', 'GpuNvlinkRecovery'] },
    equal: gpu,
  },
  {
    why: 'The GPU is at fault, so owners of the programs on it need not look for an error of theirs.',
    source: { alertname: 'GpuXidAppErrorRepeatsOnOneGpu' },
    target: { alertname: 'GpuXidAppError' },
    equal: gpu,
  },
  ...foldable.map(
    (name): Inhibition => ({
      why: 'So many GPUs have it at once that one message stands for all of them.',
      source: { alertname: 'GpuFleetEvent', folded: name },
      target: { alertname: name },
      equal: ['cluster'],
    }),
  ),
  {
    why: 'Errors that could not be corrected matter more than the many that could.',
    source: { alertname: 'GpuEccUncorrectable' },
    target: { alertname: 'GpuEccCorrectableBurst' },
    equal: gpu,
  },
  {
    why: 'A GPU that is known to be lost is why the driver counts fewer.',
    source: { alertname: 'GpuLost' },
    target: { alertname: 'GpuCountDropped' },
    equal: node,
  },
  {
    why: 'Without a driver that answers the GPU exporter has nothing to read, which is not the fault of the exporter.',
    source: { alertname: brokenDriver },
    target: { alertname: gpuReadingsMissing },
    equal: node,
  },
  {
    why: 'The same for its collectors, but not for those of other exporters on the node.',
    source: { alertname: brokenDriver },
    target: { alertname: 'ExporterCollectorErrors', job: gpuJob },
    equal: node,
  },
  {
    why: 'A GPU exporter that is down shows no GPU.',
    source: { alertname: 'ExporterDown', job: gpuJob },
    target: { alertname: gpuReadingsMissing },
    equal: node,
  },
  {
    why: 'What went wrong in an exporter before it went down is a detail now.',
    source: { alertname: 'ExporterDown' },
    target: {
      alertname: ['ExporterCollectorErrors', 'ExporterScrapeSlow', 'ConfigReloadFailed', ...namesOf(exporter)],
    },
    equal: ['cluster', 'job', 'instance'],
  },
  {
    why: 'Many exporters down at once have one cause, such as a network or a bad rollout: one message, not one each.',
    source: { alertname: 'ManyExportersDown' },
    target: { alertname: ['ExporterDown', 'InferenceEngineUnreachable'] },
    equal: ['cluster', 'job'],
  },
  {
    why: 'What a machine reads before it is gone, and what is missing since, is a consequence; runs carry no node and are told of.',
    source: { alertname: ['NodeDown', 'NodeNotReady'] },
    target: { domain: ['gpu', 'training'] },
    equal: node,
  },
  {
    why: 'Without the machine there is no device plugin on it, and nothing of it to give to pods.',
    source: { alertname: ['NodeDown', 'NodeNotReady'] },
    target: {
      alertname: ['DevicePluginDown', 'GpuAllocatableBelowCapacity', 'GpuNodeDiskPressure', 'NodeReadinessFlapping'],
    },
    equal: node,
  },
  {
    why: 'A machine that is gone takes its kubelet and its exporters along.',
    source: { alertname: 'NodeDown' },
    target: { alertname: ['NodeNotReady', 'ExporterDown'] },
    equal: node,
  },
  {
    why: 'Without its device plugin a node has no GPUs for pods.',
    source: { alertname: 'DevicePluginDown' },
    target: { alertname: 'GpuAllocatableBelowCapacity' },
    equal: node,
  },
  {
    why: 'Processes that wait for CPUs say that CPUs are busy.',
    source: { alertname: 'NodeCpuSaturated' },
    target: { alertname: 'NodeCpuHigh' },
    equal: node,
  },
  {
    why: 'Errors that could not be corrected matter more than the many that could.',
    source: { alertname: 'NodeMemoryErrorsUncorrected' },
    target: { alertname: 'NodeMemoryErrorsCorrected' },
    equal: node,
  },
  {
    why: 'What is full needs no forecast.',
    source: { alertname: 'NodeFilesystemAlmostFull' },
    target: { alertname: 'NodeFilesystemFilling' },
    equal: ['cluster', 'node', 'device', 'mountpoint'],
  },
  {
    why: 'The same for a volume.',
    source: { alertname: 'StorageCheckpointFull' },
    target: { alertname: 'StorageCheckpointFilling' },
    equal: ['cluster', 'namespace', 'persistentvolumeclaim'],
  },
  {
    why: 'A port that is down was bad before, and the remedy is the same.',
    source: { alertname: 'InfinibandPortDown' },
    target: { alertname: namesOf(infiniband).filter((name) => name !== 'InfinibandPortDown') },
    equal: ['cluster', 'node', 'device', 'port'],
  },
  {
    why: 'What a whole rack has lost at once is the switch, and no cable of one machine.',
    source: { alertname: 'FabricOrSwitchDown' },
    target: { alertname: namesOf(infiniband) },
    equal: node,
  },
  {
    why: 'A partition without a leader has too few copies.',
    source: { alertname: 'KafkaPartitionOffline' },
    target: { alertname: 'KafkaUnderReplicated' },
    equal: ['cluster', 'job'],
  },
  {
    why: 'Evaluations are skipped because one takes too long.',
    source: { alertname: 'RuleGroupIterationsMissed' },
    target: { alertname: 'RuleEvaluationSlow' },
    equal: ['cluster', 'job', 'instance', 'rule_group'],
  },
  {
    why: 'A run that stands still or is over is not slow, and has other worries than its checkpoints.',
    source: { alertname: ['TrainingStalled', 'TrainingFailed'] },
    target: { alertname: [speed, trends, checkpoints].flatMap(namesOf) },
    equal: run,
  },
  {
    why: 'A loss that is no number ends every curve of the run, and its remedy is that of a spike as well.',
    source: { alertname: 'TrainingLossNonFinite' },
    target: { alertname: ['TrainingLossSpike', 'TrainingGradNormExplosion', 'TrainingPlateau'] },
    equal: run,
  },
  {
    why: 'A run that is started again and again goes back each time and spends its time on that.',
    source: { alertname: 'TrainingRestartLoop' },
    target: { alertname: ['TrainingRolledBack', 'TrainingGoodputLow', 'TrainingThroughputDrop'] },
    equal: run,
  },
  {
    why: 'Without a server behind it the proxy answers nothing, and every objective is missed for that one reason.',
    source: { alertname: 'InferenceAllUpstreamsDown' },
    target: { alertname: ['InferenceUpstreamDown', 'InferenceErrorsHigh', ...burns] },
    equal: ['cluster'],
  },
  {
    why: 'All engines of a job down at once are one outage, not one each.',
    source: { alertname: 'InferenceAllEnginesDown' },
    target: { alertname: ['InferenceEngineUnreachable', 'ManyExportersDown'] },
    equal: ['cluster', 'job'],
  },
  ...burnsOfAll.flatMap(({ paces, equal }) =>
    paces.slice(0, -1).map(
      (faster, index): Inhibition => ({
        why: 'What burns the budget fast burns it slowly too.',
        source: { alertname: faster },
        target: { alertname: paces.slice(index + 1) },
        equal,
      }),
    ),
  ),
  {
    why: 'What many models of a cluster show at once has one cause.',
    source: { alertname: 'InferenceFleetAnomaly' },
    target: { alertname: ['InferenceTrafficAnomaly', 'InferenceThroughputBelowHistory'] },
    equal: ['cluster'],
  },
  {
    why: 'Whoever was woken for the availability of a model knows that its requests fail.',
    source: { alertname: fastBurns, slo: 'availability' },
    target: { alertname: 'InferenceErrorsHigh' },
    equal: ['cluster', 'model_name'],
  },
  {
    why: 'Requests are pushed out because the cache is full.',
    source: { alertname: 'InferenceKvCacheSaturated' },
    target: { alertname: 'InferencePreemptions' },
    equal: ['cluster', 'engine_kind', 'model_name'],
  },
  {
    why: 'A tenant without budget has its requests rejected until the period ends.',
    source: { alertname: 'TenantTokenBudgetBurn' },
    target: { alertname: 'TenantRateLimited', reason: 'token_budget' },
    equal: ['cluster', 'tenant'],
  },
  {
    why: 'Whoever knows which GPU is gone, or that there is no driver to count them, knows why there are too few.',
    source: { alertname: ['GpuLost', 'GpuCountDropped', ...brokenDriver] },
    target: { alertname: 'GpuFewerThanExpected' },
    equal: node,
  },
  {
    why: 'Too few GPUs are told by the count; the drift says the same again.',
    source: { alertname: ['GpuLost', 'GpuCountDropped', 'GpuFewerThanExpected'] },
    target: { alertname: 'CmdbDrift', aspect: 'gpu_count' },
    equal: node,
  },
  {
    why: 'A look that was refused is why the source is not fresh.',
    source: { alertname: 'CmdbSourceRefused' },
    target: { alertname: 'CmdbSourceStale' },
    equal: ['cluster', 'source'],
  },
  {
    why: 'Without its database the inventory elects no leader, takes over no source and answers with nothing new.',
    source: { alertname: 'CmdbStoreDown' },
    target: {
      alertname: ['CmdbNoLeader', 'CmdbSourceStale', 'CmdbSourceNeverRead', 'CmdbSilenceSyncFailing', 'SdFailing'],
    },
    equal: ['cluster'],
  },
  {
    why: 'A budget that is spent has passed its steps and needs no forecast.',
    source: { alertname: 'BudgetExceeded' },
    target: { alertname: ['BudgetStepReached', 'BudgetBurnForecast'] },
    equal: ['cluster', 'budget'],
  },
  {
    why: 'Without its database billing elects no leader and meters nothing.',
    source: { alertname: 'BillingStoreDown' },
    target: { alertname: ['BillingNoLeader', 'MeteringGap', 'MeteringDrift'] },
    equal: ['cluster'],
  },
  {
    why: 'Nobody meters because nobody leads.',
    source: { alertname: 'BillingNoLeader' },
    target: { alertname: ['MeteringGap', 'MeteringDrift'] },
    equal: ['cluster'],
  },
  {
    why: 'The rules of kube-prometheus raise it while nothing but infos fires in a namespace: they are told only beside something worse.',
    source: { alertname: infoInhibitor },
    target: { severity: 'info' },
    equal: ['cluster', 'namespace'],
  },
  ...severityLadder,
];

/** Labels that may be absent on both sides: a single cluster needs no name, and not every run belongs to a job. */
const mayBeAbsent: ReadonlySet<EqualLabel> = new Set(['cluster', 'job_id', 'alertname']);

/**
 * An absent label equals an absent label, so a rule on equal nodes would also let any alert without a node silence every
 * other one without a node. Hence both sides must have what is compared, but for `mayBeAbsent`.
 *
 * No fault of a GPU or a node holds back alerts about runs: those carry no node, because a run may span many.
 */
export function inhibitRule({ source, target, equal, without = [] }: Inhibition): InhibitRule {
  const guarded = equal.filter((label) => !mayBeAbsent.has(label));
  const guards = [...guarded.map(isSet), ...without.map(isUnset)];
  const spared = 'alertname' in target ? [] : [noneOf('alertname', [heartbeatAlert, ...deliveryAlerts])];
  return {
    source_matchers: [...matchersOf(source), ...guards],
    target_matchers: [...matchersOf(target), ...spared, ...guards],
    equal: [...equal],
  };
}

function burnsIn(theme: AlertTheme): readonly string[] {
  return namesOf(theme).filter((name) => name.includes('ErrorBudgetBurn'));
}

function namesOf({ alerts }: AlertTheme): string[] {
  return alerts.map(({ name }) => name);
}
