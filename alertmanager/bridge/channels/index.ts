import type { ChannelKind } from './channel.ts';
import { dingtalk } from './dingtalk.ts';
import { feishu } from './feishu.ts';
import { http } from './http.ts';
import { smsAliyun } from './sms-aliyun.ts';
import { smsTencent } from './sms-tencent.ts';
import { teams } from './teams.ts';
import { voiceAliyun } from './voice-aliyun.ts';
import { voiceTencent } from './voice-tencent.ts';
import { webhook } from './webhook.ts';
import { wecom } from './wecom.ts';

const kinds = [
  dingtalk,
  feishu,
  wecom,
  teams,
  smsAliyun,
  smsTencent,
  voiceAliyun,
  voiceTencent,
  http,
  webhook,
] as unknown as readonly ChannelKind<unknown>[];

/** Every kind of robot, under the key that a site names it by. Settings only ever go back to the kind that parsed them. */
export const channelKinds: Readonly<Record<string, ChannelKind<unknown>>> = Object.fromEntries(
  kinds.map((kind) => [kind.name, kind]),
);

export const channelNames: readonly string[] = kinds.map(({ name }) => name);
