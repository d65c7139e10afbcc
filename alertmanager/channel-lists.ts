import type { Channel } from './channels/index.ts';
import { receiverKeys } from './receivers.ts';
import type { Site } from './site.ts';

/** Channels with the place in the site file where they stand. */
export interface ChannelList {
  readonly path: string;
  readonly channels: readonly Channel[];
}

/** Every list of channels of a site. */
export function channelLists({ receivers, domains = {}, tenants = {} }: Omit<Site, 'smtp'>): readonly ChannelList[] {
  return [
    ...receiverKeys.map((key) => ({ path: `receivers.${key}`, channels: receivers[key] ?? [] })),
    ...Object.entries(domains).flatMap(([team, lists]) =>
      Object.entries(lists).map(([domain, channels]) => ({ path: `domains.${team}.${domain}`, channels })),
    ),
    ...Object.entries(tenants).map(([tenant, { channels }]) => ({ path: `tenants.${tenant}.channels`, channels })),
  ];
}
