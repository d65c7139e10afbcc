import { type Team, teams } from '../rules/alert.ts';
import { type Channel, openChannel, parseChannel } from './channels/index.ts';
import { fieldsOf, nonEmptyListOf, optional, required, SiteError } from './checks.ts';

/** Who is reached through what. A team without an entry is reached through `default`. */
export type Receivers = { readonly [T in Team]?: readonly Channel[] } & {
  readonly default: readonly Channel[];
  /** Gets the heartbeat of the alerting itself; what listens there must raise the alarm when it stops. */
  readonly dead_man?: readonly Channel[];
};

export const receiverKeys = ['default', ...teams, 'dead_man'] as const;

export function parseReceivers(value: unknown, path: string): Receivers {
  const fields = fieldsOf(value, path, receiverKeys);
  return {
    default: required(fields, 'default', channelsForPeople),
    ...optional(fields, 'sre', channelsForPeople),
    ...optional(fields, 'workload', channelsForPeople),
    ...optional(fields, 'observability', channelsForPeople),
    ...optional(fields, 'finance', channelsForPeople),
    ...optional(fields, 'dead_man', heartbeatChannels),
  };
}

const channels = nonEmptyListOf(parseChannel);

export function channelsForPeople(value: unknown, path: string): readonly Channel[] {
  const list = channels(value, path);
  const takesCritical = list.some((channel) => openChannel(channel).settings.severities?.includes('critical') ?? true);
  if (!takesCritical) {
    throw new SiteError(`${path}: no channel takes critical alerts; add critical to the severities of one`);
  }
  return list;
}

function heartbeatChannels(value: unknown, path: string): readonly Channel[] {
  const list = channels(value, path);
  for (const [index, channel] of list.entries()) {
    const { send_resolved, severities } = openChannel(channel).settings;
    const where = `${path}[${index}]`;
    if (send_resolved === true) {
      throw new SiteError(`${where}: send_resolved must not be true; word of the end would pass for a heartbeat`);
    }
    if (severities !== undefined)
      throw new SiteError(`${where}: severities mean nothing for a heartbeat; take them out`);
  }
  return list;
}
