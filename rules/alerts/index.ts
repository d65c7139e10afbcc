import type { AlertTheme } from '../alert.ts';
import alertmanagerHealth from './alertmanager-health.ts';
import billingHealth from './billing-health.ts';
import billingMetering from './billing-metering.ts';
import billingSpend from './billing-spend.ts';
import bridgeHealth from './bridge-health.ts';
import cmdbHealth from './cmdb-health.ts';
import cmdbItems from './cmdb-items.ts';
import cmdbMaintenance from './cmdb-maintenance.ts';
import cmdbSources from './cmdb-sources.ts';
import collectionAvailabilitySlo from './collection-availability-slo.ts';
import exporterHealth from './exporter-health.ts';
import exporterSeries from './exporter-series.ts';
import gpuAvailabilitySlo from './gpu-availability-slo.ts';
import gpuClocks from './gpu-clocks.ts';
import gpuEcc from './gpu-ecc.ts';
import gpuFleet from './gpu-fleet.ts';
import gpuLinks from './gpu-links.ts';
import gpuLost from './gpu-lost.ts';
import gpuMemory from './gpu-memory.ts';
import gpuPcie from './gpu-pcie.ts';
import gpuPower from './gpu-power.ts';
import gpuRecovery from './gpu-recovery.ts';
import gpuRemap from './gpu-remap.ts';
import gpuThermal from './gpu-thermal.ts';
import gpuUsage from './gpu-usage.ts';
import gpuVersions from './gpu-versions.ts';
import gpuXid from './gpu-xid.ts';
import hardware from './hardware.ts';
import inferenceAnomaly from './inference-anomaly.ts';
import inferenceCapacity from './inference-capacity.ts';
import inferenceErrors from './inference-errors.ts';
import inferenceLatency from './inference-latency.ts';
import inferenceQuality from './inference-quality.ts';
import inferenceSlo from './inference-slo.ts';
import inferenceTenants from './inference-tenants.ts';
import inferenceUpstreams from './inference-upstreams.ts';
import kafka from './kafka.ts';
import kubernetesApi from './kubernetes-api.ts';
import kubernetesGpus from './kubernetes-gpus.ts';
import kubernetesMetrics from './kubernetes-metrics.ts';
import kubernetesNodes from './kubernetes-nodes.ts';
import kubernetesPods from './kubernetes-pods.ts';
import kubernetesStorage from './kubernetes-storage.ts';
import nodeAvailabilitySlo from './node-availability-slo.ts';
import nodeFabric from './node-fabric.ts';
import nodeHost from './node-host.ts';
import nodeInfiniband from './node-infiniband.ts';
import nodeMetrics from './node-metrics.ts';
import nodeNetwork from './node-network.ts';
import nodeStorage from './node-storage.ts';
import plausibility from './plausibility.ts';
import postgresql from './postgresql.ts';
import predictionAnomaly from './prediction-anomaly.ts';
import predictionHealth from './prediction-health.ts';
import predictionRisk from './prediction-risk.ts';
import prometheusDelivery from './prometheus-delivery.ts';
import prometheusHealth from './prometheus-health.ts';
import prometheusStorage from './prometheus-storage.ts';
import redis from './redis.ts';
import scheduler from './scheduler.ts';
import trainingCheckpoints from './training-checkpoints.ts';
import trainingExporter from './training-exporter.ts';
import trainingGoodputSlo from './training-goodput-slo.ts';
import trainingLoss from './training-loss.ts';
import trainingProgress from './training-progress.ts';
import trainingRestarts from './training-restarts.ts';
import trainingSpeed from './training-speed.ts';
import trainingTrends from './training-trends.ts';

/** Every theme of alerts, in the order of the reference. */
export const alertThemes: readonly AlertTheme[] = [
  gpuXid,
  gpuLost,
  gpuRecovery,
  gpuEcc,
  gpuRemap,
  gpuThermal,
  gpuPower,
  gpuClocks,
  gpuMemory,
  gpuPcie,
  gpuLinks,
  gpuUsage,
  gpuVersions,
  gpuFleet,
  plausibility,
  gpuAvailabilitySlo,
  trainingLoss,
  trainingProgress,
  trainingRestarts,
  trainingSpeed,
  trainingCheckpoints,
  trainingTrends,
  trainingGoodputSlo,
  trainingExporter,
  inferenceSlo,
  inferenceLatency,
  inferenceErrors,
  inferenceCapacity,
  inferenceAnomaly,
  inferenceUpstreams,
  inferenceTenants,
  inferenceQuality,
  cmdbItems,
  cmdbSources,
  cmdbHealth,
  cmdbMaintenance,
  hardware,
  billingSpend,
  billingMetering,
  billingHealth,
  predictionRisk,
  predictionAnomaly,
  predictionHealth,
  kubernetesNodes,
  kubernetesGpus,
  kubernetesPods,
  kubernetesApi,
  kubernetesStorage,
  kubernetesMetrics,
  nodeAvailabilitySlo,
  nodeHost,
  nodeStorage,
  nodeNetwork,
  nodeInfiniband,
  nodeFabric,
  nodeMetrics,
  scheduler,
  kafka,
  redis,
  postgresql,
  bridgeHealth,
  exporterHealth,
  exporterSeries,
  collectionAvailabilitySlo,
  prometheusHealth,
  prometheusStorage,
  prometheusDelivery,
  alertmanagerHealth,
];
