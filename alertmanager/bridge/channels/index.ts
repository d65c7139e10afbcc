import type { ChannelKind } from './channel.ts';

/** Every kind of robot, under the key that a site names it by. */
export const channelKinds: Readonly<Record<string, ChannelKind<unknown>>> = {};
