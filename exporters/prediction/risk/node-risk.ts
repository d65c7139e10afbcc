import { byHorizon, type Horizon } from '../horizon.ts';
import { logOddsOfHazard } from './log-odds.ts';
import { type Reason, type Risk, type RiskLayer, riskLayers } from './risk.ts';

/** Closer to 0 or 1 no model knows. */
const closest = 1e-12;

/** Of a node that fails when its host or one of its GPUs does: 1 - (1 - host) × (1 - gpu) × …. At least that of each of them. */
export function nodeProbability(host: number, gpus: readonly number[]): number {
  return Math.max(host, ...gpus, -Math.expm1(-hazardOf([host, ...gpus])));
}

/** The risk of a node from that of its host, which is a risk of the node without its GPUs, and those of its GPUs. The rules are those of the host. */
export function nodeRisk(host: Risk, gpus: readonly Risk[]): Risk {
  return {
    ...host,
    probability: byHorizon((horizon) => nodeProbability(host.probability[horizon], own(gpus, horizon))),
    layer: byHorizon((horizon) => highest([host, ...gpus].map(({ layer }) => layer[horizon]))),
    reasons: byHorizon((horizon) => reasonsOf(host.probability[horizon], own(gpus, horizon))),
  };
}

function own(gpus: readonly Risk[], horizon: Horizon): readonly number[] {
  return gpus.map(({ probability }) => probability[horizon]);
}

/** `host` and `gpus`, each told by its probability, add up to the log-odds. */
function reasonsOf(host: number, gpus: readonly number[]): readonly Reason[] {
  const alone = logOddsOfHazard(hazardOf([host]));
  const together = logOddsOfHazard(hazardOf([host, ...gpus]));
  return [
    { feature: 'host', value: host, peerMedian: undefined, contribution: alone },
    { feature: 'gpus', value: nodeProbability(0, gpus), peerMedian: undefined, contribution: together - alone },
  ];
}

function hazardOf(probabilities: readonly number[]): number {
  let hazard = 0;
  for (const each of probabilities) hazard -= Math.log1p(-Math.min(1 - closest, Math.max(closest, each)));
  return hazard;
}

function highest(layers: readonly RiskLayer[]): RiskLayer {
  return riskLayers[Math.max(...layers.map((layer) => riskLayers.indexOf(layer)))] ?? 'prior';
}
