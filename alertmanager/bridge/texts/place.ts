import type { Texts } from './texts.ts';

type Labels = Readonly<Record<string, string>>;

/** Where an alert is, for its labels: `n1 · GPU 3 · run llama`. */
export function placeWords(labels: Labels, { places }: Texts): string {
  const parts: readonly (readonly [string | undefined, string])[] = [
    [labels['gpu_id'], `${places.gpu} `],
    [labels['gpu_instance_id'], `${places.mig} `],
    [labels['run'], `${places.run} `],
    [labels['rank'], `${places.rank} `],
    [labels['engine_kind'], ''],
    [labels['model_name'], `${places.model} `],
    [labels['slo'], `${places.objective} `],
    [labels['tenant'], `${places.tenant} `],
    [labels['upstream'], `${places.upstream} `],
    [labels['engine'], `${places.engine} `],
  ];
  const named = parts.flatMap(([value, prefix]) => (isSet(value) ? [`${prefix}${value}`] : []));
  return [...machineOf(labels, places), ...named].join(' · ') || places.everywhere;
}

function machineOf(labels: Labels, places: Texts['places']): readonly string[] {
  if (isSet(labels['node'])) return [labels['node']];
  if (isSet(labels['cluster'])) return [`${places.cluster} ${labels['cluster']}`];
  return isSet(labels['instance']) ? [labels['instance']] : [];
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}
