import type { AlertTheme } from '../alert.ts';
import billingHealth from './billing-health.ts';
import billingMetering from './billing-metering.ts';
import billingSpend from './billing-spend.ts';
import bridgeHealth from './bridge-health.ts';
import cmdbHealth from './cmdb-health.ts';
import cmdbItems from './cmdb-items.ts';
import cmdbMaintenance from './cmdb-maintenance.ts';
import cmdbSources from './cmdb-sources.ts';
import exporterHealth from './exporter-health.ts';
import gpuEcc from './gpu-ecc.ts';
import gpuLost from './gpu-lost.ts';
import gpuMemory from './gpu-memory.ts';
import gpuPcie from './gpu-pcie.ts';
import gpuPower from './gpu-power.ts';
import gpuThermal from './gpu-thermal.ts';
import gpuXid from './gpu-xid.ts';
import hardware from './hardware.ts';
import inferenceCapacity from './inference-capacity.ts';
import inferenceErrors from './inference-errors.ts';
import inferenceLatency from './inference-latency.ts';
import inferenceQuality from './inference-quality.ts';
import inferenceSlo from './inference-slo.ts';
import inferenceTenants from './inference-tenants.ts';
import inferenceUpstreams from './inference-upstreams.ts';
import predictionAnomaly from './prediction-anomaly.ts';
import predictionHealth from './prediction-health.ts';
import predictionRisk from './prediction-risk.ts';
import prometheusHealth from './prometheus-health.ts';
import trainingCheckpoints from './training-checkpoints.ts';
import trainingExporter from './training-exporter.ts';
import trainingLoss from './training-loss.ts';
import trainingProgress from './training-progress.ts';
import trainingRestarts from './training-restarts.ts';
import trainingSpeed from './training-speed.ts';
import trainingTrends from './training-trends.ts';

/** Every theme of alerts, in the order of the reference. */
export const alertThemes: readonly AlertTheme[] = [
  gpuXid,
  gpuLost,
  gpuEcc,
  gpuThermal,
  gpuPower,
  gpuMemory,
  gpuPcie,
  trainingLoss,
  trainingProgress,
  trainingRestarts,
  trainingSpeed,
  trainingCheckpoints,
  trainingTrends,
  trainingExporter,
  inferenceSlo,
  inferenceLatency,
  inferenceErrors,
  inferenceCapacity,
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
  bridgeHealth,
  exporterHealth,
  prometheusHealth,
];
