import { type ChannelKind, defineChannel } from '../../../alertmanager/bridge/channels/channel.ts';
import { channelKinds } from '../../../alertmanager/bridge/channels/index.ts';
import { startFakeAliyun } from './fake-aliyun.ts';
import { startFakeDingTalk } from './fake-dingtalk.ts';
import { startFakeFeishu } from './fake-feishu.ts';
import { startFakeTeams } from './fake-teams.ts';
import { startFakeTencent } from './fake-tencent.ts';
import { startFakeWeCom } from './fake-wecom.ts';
import { type FakeRobot, startRobotServer } from './robot-server.ts';

const secret = 'SECsecret';
const aliyun = (): Promise<FakeRobot> => startFakeAliyun({ secret });
const tencent = (): Promise<FakeRobot> => startFakeTencent({ secret, perHalfMinute: 100 });
/** A program of a site, which takes everything. */
const program = (): Promise<FakeRobot> =>
  startRobotServer({ refuse: () => undefined, good: () => ({ body: { code: 0 } }) });

/** A fake for each kind of robot with the settings of robot-settings.ts. */
export const everyFake: Readonly<Record<string, () => Promise<FakeRobot>>> = {
  dingtalk: () => startFakeDingTalk({ secret, keyword: 'FleetLens' }),
  feishu: () => startFakeFeishu({ secret }),
  wecom: () => startFakeWeCom(),
  teams: () => startFakeTeams(),
  sms_aliyun: aliyun,
  sms_tencent: tencent,
  voice_aliyun: aliyun,
  voice_tencent: tencent,
  http: program,
  webhook: program,
};

/** Every kind of robot, with the requests that it would send to its maker sent to a fake. */
export function channelKindsTo(url: string): Readonly<Record<string, ChannelKind<unknown>>> {
  return Object.fromEntries(Object.entries(channelKinds).map(([name, kind]) => [name, kindTo(kind, url)]));
}

function kindTo(kind: ChannelKind<unknown>, to: string): ChannelKind<unknown> {
  return defineChannel<unknown>({
    ...kind,
    render: (message, settings, context) =>
      kind.render(message, settings, context).map((request) => ({
        ...request,
        url: new URL(`${request.url.pathname}${request.url.search}`, to),
        // Signatures are over the host that was meant.
        headers: { ...request.headers, 'x-forwarded-host': request.url.host },
      })),
  });
}
