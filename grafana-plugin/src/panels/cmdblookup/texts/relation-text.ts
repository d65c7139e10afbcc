import { t } from '@grafana/i18n';

/** A relation read from the item in the middle: it is `in`, or others are in it. */
export function relationText(type: string, direction: 'out' | 'in'): string {
  const texts: Readonly<Record<string, () => string>> = {
    'located_in out': () => t('cmdb.relation.locatedIn.out', 'is in'),
    'located_in in': () => t('cmdb.relation.locatedIn.in', 'holds'),
    'installed_on out': () => t('cmdb.relation.installedOn.out', 'is built into'),
    'installed_on in': () => t('cmdb.relation.installedOn.in', 'has installed'),
    'part_of out': () => t('cmdb.relation.partOf.out', 'is part of'),
    'part_of in': () => t('cmdb.relation.partOf.in', 'consists of'),
    'connected_to out': () => t('cmdb.relation.connectedTo.out', 'has a cable to'),
    'connected_to in': () => t('cmdb.relation.connectedTo.in', 'has a cable from'),
    'powered_by out': () => t('cmdb.relation.poweredBy.out', 'gets power from'),
    'powered_by in': () => t('cmdb.relation.poweredBy.in', 'gives power to'),
    'runs_on out': () => t('cmdb.relation.runsOn.out', 'runs on'),
    'runs_on in': () => t('cmdb.relation.runsOn.in', 'runs'),
    'depends_on out': () => t('cmdb.relation.dependsOn.out', 'needs'),
    'depends_on in': () => t('cmdb.relation.dependsOn.in', 'is needed by'),
    'owned_by out': () => t('cmdb.relation.ownedBy.out', 'belongs to'),
    'owned_by in': () => t('cmdb.relation.ownedBy.in', 'owns'),
  };
  const key = `${type} ${direction}`;
  return (Object.hasOwn(texts, key) ? texts[key]?.() : undefined) ?? type.replaceAll('_', ' ');
}
