import { cleanValue } from '../facts/clean-value.ts';
import type { Item } from '../model/item.ts';
import { textOf } from '../place/related.ts';
import type { AlertContext, ImpactSummary, ServiceOn } from './alert-context.ts';

/** Names of the annotations that are added to an alert. What is not known is left out. */
export const contextAnnotations = {
  cmdb_item: 'Class and name of the item.',
  cmdb_id: 'Its number.',
  cmdb_state: 'Its life-cycle state.',
  cmdb_node: 'The node that it is or is in.',
  cmdb_cluster: 'Its cluster.',
  cmdb_site: 'Site.',
  cmdb_room: 'Room.',
  cmdb_rack: 'Rack.',
  cmdb_unit: 'Lowest rack unit.',
  cmdb_owner: 'Whoever looks after it: the person, else the team, else the tenants.',
  cmdb_team: 'Team that looks after it.',
  cmdb_on_call: 'Whom to reach, with mail and telephone.',
  cmdb_tenant: 'Tenants whom it belongs to, or whose applications run on it.',
  cmdb_service: 'Applications that run on it, with their tenants.',
  cmdb_maintenance: 'Maintenance that it is under.',
  cmdb_last_change: 'What was last changed of it, when and by whom.',
  cmdb_impact: 'What is worse off if it fails.',
  cmdb_url: 'Where the inventory tells more.',
} as const satisfies Readonly<Record<string, string>>;

export type ContextAnnotation = keyof typeof contextAnnotations;
export type ContextAnnotations = Readonly<Partial<Record<ContextAnnotation, string>>>;

const maxServices = 8;
const maxTenants = 8;
const maxCharacters = 500;

export function annotationsOf(context: AlertContext, externalUrl: string | undefined): ContextAnnotations {
  const { item, place, owners, node, cluster } = context;
  const tenants = owners.tenants.map(({ name }) => name);
  const owner = owners.person?.name ?? owners.team?.name ?? listed(tenants, maxTenants);
  const texts: Readonly<Record<ContextAnnotation, string | undefined>> = {
    cmdb_item: `${item.class} ${item.name}`,
    cmdb_id: String(item.id),
    cmdb_state: item.state,
    cmdb_node: node,
    cmdb_cluster: cluster,
    cmdb_site: place.site?.name,
    cmdb_room: place.room?.name,
    cmdb_rack: place.rack?.name,
    cmdb_unit: place.unit,
    cmdb_owner: owner,
    cmdb_team: owners.team?.name,
    cmdb_on_call: onCall(owners.person ?? owners.team, owners.team),
    cmdb_tenant: listed(tenants, maxTenants),
    cmdb_service: listed(context.services.map(serviceText), maxServices),
    cmdb_maintenance: maintenanceText(context),
    cmdb_last_change: changeText(context),
    cmdb_impact: context.impact === undefined ? undefined : impactText(context.impact),
    cmdb_url: externalUrl === undefined ? undefined : `${externalUrl.replace(/\/$/, '')}/api/v1/items/${item.id}`,
  };
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => {
      const value = text === undefined ? '' : cleanValue(text, maxCharacters);
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** The first of them, and how many more there are. */
function listed(texts: readonly string[], max: number): string | undefined {
  if (texts.length === 0) return undefined;
  const more = texts.length - max;
  return `${texts.slice(0, max).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function serviceText({ application, tenants }: ServiceOn): string {
  const names = tenants.map(({ name }) => name);
  return names.length === 0 ? application.name : `${application.name} (${names.join(', ')})`;
}

function onCall(who: Item | undefined, team: Item | undefined): string | undefined {
  if (who === undefined) return undefined;
  const ways = [
    textOf(who, 'email') ?? (team === undefined ? undefined : textOf(team, 'email')),
    textOf(who, 'phone') ?? (team === undefined ? undefined : textOf(team, 'phone')),
  ].filter((way) => way !== undefined);
  return [who.name, ...ways].join(', ');
}

function maintenanceText({ item, windows }: AlertContext): string | undefined {
  const [window] = windows;
  if (window !== undefined) return `${window.title}, until ${timeText(window.endsAt)} (window ${window.id})`;
  return item.state === 'maintenance' ? 'its state is maintenance' : undefined;
}

function changeText({ item, lastChange }: AlertContext): string | undefined {
  if (lastChange === undefined) return undefined;
  const { at, actor, action, itemId, message } = lastChange;
  const what = itemId === item.id ? `${action}${changedNames(lastChange)}` : 'relations changed';
  return `${timeText(at)} ${what} by ${actor}${message === '' ? '' : `: ${message}`}`;
}

function changedNames({ before, after }: NonNullable<AlertContext['lastChange']>): string {
  if (before === undefined || after === undefined) return '';
  const names = [...new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])].filter(
    (name) => JSON.stringify(before.attributes[name]) !== JSON.stringify(after.attributes[name]),
  );
  const own = (['name', 'state'] as const).filter((name) => before[name] !== after[name]);
  const changed = [...own, ...names];
  return changed.length === 0 ? '' : ` (${listed(changed, 5)})`;
}

function impactText({ servers, gpus, applications, tenants }: ImpactSummary): string {
  const parts = [counted(servers, 'server'), counted(gpus, 'GPU'), counted(applications, 'application')].filter(
    (part) => part !== undefined,
  );
  if (parts.length === 0) return 'nothing else';
  const of = listed(tenants, maxTenants);
  return `${parts.join(', ')}${of === undefined ? '' : ` of ${of}`}`;
}

function counted(count: number, noun: string): string | undefined {
  return count === 0 ? undefined : `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
