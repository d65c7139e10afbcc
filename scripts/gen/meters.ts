import { type DefaultMeter, defaultMeters } from '../../exporters/billing/meters/default-meters.ts';
import type { MeterSource } from '../../exporters/billing/meters/meter.ts';
import { gpuSources } from '../../exporters/billing/sources/gpu/gpu-sources.ts';
import { generatedFrom, table } from '../../rules/render/markdown.ts';

/** The page of docs/reference that tells every meter of the default table. */
export function generatedMeters(): readonly (readonly [path: string, text: string])[] {
  return [['docs/reference/meters.md', page()]];
}

function page(): string {
  return `${generatedFrom('exporters/billing/meters/default-meters.ts')}

# Meters

What \`fleetlens billing\` meters without a key \`meters\` in its file. The guide [Meters and sources](../guides/billing-meters.md) tells how to switch
one on or off, to change it and to add another. Of several sources the first that has data in a cluster is taken.

${table(
  ['Meter', 'On', 'Kind', 'Counted in', 'Priced in', 'What it is'],
  defaultMeters.map(({ name, about, isOn, kind, unit }) => [
    `\`${name}\``,
    isOn ? 'yes' : 'no',
    kind,
    unit.base,
    `${unit.priced} = ${unit.perPriced.toLocaleString('en')} ${unit.base}`,
    about,
  ]),
)}

Kinds: \`gpu\` follows each GPU through used, idle, unavailable and system; \`counter\` adds up differences of raw samples, with restarts; \`gauge\` adds up
value × time, for as long as a sample holds.

## Sources

${table(
  ['Meter', 'Series', 'Needs', 'Resource', 'SKU'],
  defaultMeters.flatMap((meter) => meter.sources.map((source) => sourceRow(meter, source))),
)}
`;
}

function sourceRow({ name }: DefaultMeter, source: MeterSource): readonly string[] {
  const { type, selector, resource, sku, during } = source;
  if (selector === undefined) return [`\`${name}\``, `type \`${type}\``, needs[type] ?? '', ...ofGpuSource(type)];
  const while_ = during === undefined ? '' : ` while \`${during.selector}\``;
  return [`\`${name}\``, `\`${selector}\`${while_}`, neededFor(selector), resource.join('/'), sku.join('/')];
}

/** Exporters by what their series begin with, or by the type of the source. */
const needs: Readonly<Record<string, string>> = {
  fleetlens: '`fleetlens gpu` with attribution',
  dcgm: 'dcgm-exporter with labels of pods',
  kube_state_metrics: 'kube-state-metrics',
  gpu_: '`fleetlens gpu`',
  DCGM_: 'dcgm-exporter',
  kube_: 'kube-state-metrics',
  container_: 'the kubelet’s cAdvisor',
  inference_: '`fleetlens inference`, or an engine that it translates',
};

function neededFor(selector: string): string {
  const found = Object.entries(needs).find(([prefix]) => prefix.endsWith('_') && selector.startsWith(prefix));
  if (found === undefined) throw new Error(`nobody is known who has ${selector}`);
  return found[1];
}

function ofGpuSource(type: string): readonly [string, string] {
  if (gpuSources[type] === undefined) throw new Error(`there is no source ${type}`);
  return type === 'kube_state_metrics'
    ? ['node', 'model, if node labels are exported']
    : ['UUID of the GPU, with / and the number of the MIG instance', 'model, with MIG and the profile'];
}
