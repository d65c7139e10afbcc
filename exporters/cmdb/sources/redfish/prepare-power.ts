import {
  type HardwareAction,
  type HardwarePlan,
  HardwareRefusal,
  powerActions,
} from '../../hardware/hardware-control.ts';
import type { PowerState } from '../../hardware/hardware-reading.ts';
import type { RequestContext } from './redfish-client.ts';
import { idOf, linkOf, partOf, partsOf, powerStateOf, type Resource, textOf, textsOf } from './resource.ts';
import type { Station } from './station.ts';

export interface LookAtResult {
  readonly resource: Resource;
  readonly powerState: PowerState | undefined;
}

/** An action with everything that it takes to carry it out. */
export interface PreparedAction {
  readonly plan: HardwarePlan;
  readonly path: string;
  /** In full; the plan shows it without secrets. */
  readonly body: Readonly<Record<string, string | boolean>>;
  /** Reads what the action changes. */
  readonly look: (context: RequestContext) => Promise<LookAtResult>;
  /** Made when the action was sent; tells whether what was asked for is there. */
  readonly watch: () => (resource: Resource, now: number) => boolean;
  readonly whatFor: string;
  readonly whenDone: string;
}

type PowerRequest = Extract<HardwareAction, { kind: 'power' }>;

/** A restart may be over between two looks, so a server that is on all the time counts as restarted after a while. */
const settleSeconds = 20;

export async function preparePower(
  node: string,
  station: Station,
  action: PowerRequest,
  signal: AbortSignal,
): Promise<PreparedAction> {
  const context = { signal, isUrgent: true };
  const system = await readHost(node, station, context);
  const reset = partOf(system, 'Actions', '#ComputerSystem.Reset');
  const path = textOf(reset, 'target');
  if (path === undefined) throw new HardwareRefusal('invalid', `${node}: its controller offers no reset`);
  const { resetType, reaches } = powerActions[action.action];
  const allowed = await allowedTypes(station, reset, context);
  if (allowed !== undefined && !allowed.includes(resetType))
    throw new HardwareRefusal('invalid', `${node}: its controller allows ${allowed.join(', ')}, not ${resetType}`);
  const current = powerStateOf(system);
  const body = { ResetType: resetType };
  return {
    plan: {
      node,
      bmc: station.target.name,
      action,
      request: { method: 'POST', path, body },
      currentPowerState: current,
      warnings: warningsOf(action, current, allowed),
    },
    path,
    body,
    look: async (later) => {
      const resource = await station.client.get(idOf(system) ?? '', later);
      return { resource, powerState: powerStateOf(resource) };
    },
    watch: () => watchPower(reaches, isRestart(action), textOf(system, 'LastResetTime')),
    whatFor: `the power state ${reaches}`,
    whenDone: `the server is ${reaches}`,
  };
}

/** The one server behind the controller, as it is now. */
export async function readHost(node: string, station: Station, context: RequestContext): Promise<Resource> {
  const { layout } = await station.ground(context.signal);
  const [host, ...others] = layout.hosts;
  const path = idOf(host ?? {});
  if (path === undefined || others.length > 0)
    throw new HardwareRefusal('invalid', `${node}: its controller stands for several servers; use its own console`);
  return station.client.get(path, context);
}

/** Undefined where the controller does not tell. */
async function allowedTypes(
  station: Station,
  reset: Resource,
  context: RequestContext,
): Promise<readonly string[] | undefined> {
  const told = textsOf(reset, 'ResetType@Redfish.AllowableValues');
  if (told.length > 0) return told;
  const info = textOf(reset, '@Redfish.ActionInfo') ?? linkOf(reset, '@Redfish.ActionInfo');
  if (info === undefined) return undefined;
  const parameters = partsOf(await station.client.get(info, context), 'Parameters');
  const type = parameters.find((each) => textOf(each, 'Name') === 'ResetType');
  const values = textsOf(type ?? {}, 'AllowableValues');
  return values.length > 0 ? values : undefined;
}

function isRestart({ action }: PowerRequest): boolean {
  return action === 'restart' || action === 'force_restart' || action === 'cycle';
}

function warningsOf(
  { action }: PowerRequest,
  current: PowerState | undefined,
  allowed: readonly string[] | undefined,
): readonly string[] {
  const isForced = action === 'force_off' || action === 'force_restart' || action === 'cycle';
  return [
    ...(current === undefined ? ['The controller does not tell whether the server is on.'] : []),
    ...(current === powerActions[action].reaches && !isRestart({ kind: 'power', action })
      ? [`The server is ${current} already; nothing will change.`]
      : []),
    ...(action !== 'on' && action !== 'force_off' && current === 'off' ? ['The server is off.'] : []),
    ...(isForced && current !== 'off'
      ? ['What runs on the server ends at once; what it has not written is lost.']
      : []),
    ...(action === 'shutdown' || action === 'restart'
      ? ['It takes an operating system that listens; one that hangs does nothing.']
      : []),
    ...(allowed === undefined ? ['The controller does not tell which resets it allows.'] : []),
  ];
}

function watchPower(
  reaches: PowerState,
  mustRestart: boolean,
  resetBefore: string | undefined,
): (resource: Resource, now: number) => boolean {
  let since: number | undefined;
  let wasAway = false;
  return (resource, now) => {
    since ??= now;
    const state = powerStateOf(resource);
    const reset = textOf(resource, 'LastResetTime');
    if (state !== reaches) wasAway = true;
    if (!mustRestart) return state === reaches;
    const hasRestarted = wasAway || (reset !== undefined && reset !== resetBefore) || now - since >= settleSeconds;
    return state === reaches && hasRestarted;
  };
}
