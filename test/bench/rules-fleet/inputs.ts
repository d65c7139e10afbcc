import { catalogue } from '../../../metrics/index.ts';
import type { Alert } from '../../../rules/alert.ts';
import { situationsOf } from '../../../rules/alert.ts';
import { alertThemes } from '../../../rules/alerts/index.ts';
import { recorded } from '../../../rules/recording/index.ts';

/** A series that some rule reads, with the labels of an example. */
export interface Input {
  readonly name: string;
  readonly job: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Made by Prometheus at each scrape, or by rules. */
function isMade(name: string): boolean {
  return /^(?:up|scrape_.*|ALERTS.*|prometheus_.*)$/.test(name) || recorded.has(name);
}

const target = ['cluster', 'node', 'job', 'instance'];

/**
 * What the rules read, from the examples of the alerts: each shape of a series once, that is with each of its values of the labels
 * that do not name a thing, such as reason and kind.
 */
export function ruleInputs(): readonly Input[] {
  const inputs = alertThemes
    .flatMap(({ alerts }) => alerts)
    .flatMap(seriesOf)
    .filter(({ name }) => !isMade(name));
  return [...new Map(inputs.map((input) => [shapeOf(input), input])).values()];
}

function seriesOf(alert: Alert): readonly Input[] {
  return situationsOf(alert).flatMap(({ series }) => series.map(([{ promql }]) => parse(promql)));
}

function parse(text: string): Input {
  const [, name = '', inside = ''] = /^([^{]+)(?:\{(.*)\})?$/s.exec(text) ?? [];
  const pairs = [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', value = '']) => [label, value]);
  const labels: Record<string, string> = Object.fromEntries(pairs);
  const job = catalogue.get(name)?.source === 'gpu' ? 'fleetlens-gpu' : (labels['job'] ?? 'fleetlens-gpu');
  return { name, job, labels: Object.fromEntries(Object.entries(labels).filter(([label]) => !ofTarget(job, label))) };
}

/** Where an example names the target, the target of the benchmark stands; exporters of a whole cluster keep the node. */
function ofTarget(job: string, label: string): boolean {
  if (label === 'node') return job.startsWith('fleetlens-') && !/cmdb|prediction/.test(job);
  return target.includes(label);
}

/** Labels that name one of many things: the benchmark has its own things. */
export const things = ['gpu_id', 'uuid', 'node', 'ci', 'run', 'job_id', 'rank', 'model_name', 'tenant'] as const;

function shapeOf({ name, job, labels }: Input): string {
  const shape = Object.entries(labels).map(([label, value]) => [label, isThing(label) ? '' : value]);
  return JSON.stringify([name, job, shape.sort()]);
}

function isThing(label: string): boolean {
  return (things as readonly string[]).includes(label);
}
