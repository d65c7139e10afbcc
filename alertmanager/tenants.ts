import spend from '../rules/alerts/billing-spend.ts';
import type { Channel } from './channels/index.ts';
import { fieldsOf, flag, optional, refused, required } from './checks.ts';
import { parseQuietHours, type QuietHours } from './quiet-hours.ts';
import { channelsForPeople } from './receivers.ts';

/** Who is told what is a tenant's own business. */
export interface Tenant {
  readonly channels: readonly Channel[];
  /** Tell the team as well; false unless written. */
  readonly team_too?: boolean;
  /** Those of nobody else hold for a tenant. */
  readonly quiet_hours?: QuietHours;
}

/** By the value of the label `tenant`. */
export type Tenants = Readonly<Record<string, Tenant>>;

/** What a tenant spends is its business; that its bill is late or lacks a price is not. */
export const spendAlerts: readonly string[] = spend.alerts.map(({ name }) => name);

export function parseTenants(value: unknown, path: string): Tenants {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused(path, value, 'a mapping of tenants, by the value of the label tenant');
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, tenant]) => [tenantName(name, path), parseTenant(tenant, `${path}.${name}`)]),
  );
}

function parseTenant(value: unknown, path: string): Tenant {
  const fields = fieldsOf(value, path, ['channels', 'team_too', 'quiet_hours']);
  return {
    channels: required(fields, 'channels', channelsForPeople),
    ...optional(fields, 'team_too', flag),
    ...optional(fields, 'quiet_hours', parseQuietHours),
  };
}

/** Anything that a label may hold, but for what makes a matcher or a receiver's name unreadable. */
function tenantName(value: string, path: string): string {
  if (/^[^\s"\\\p{C}]{1,100}$/u.test(value)) return value;
  throw refused(path, value, 'names of tenants without blanks, quotes and backslashes');
}
