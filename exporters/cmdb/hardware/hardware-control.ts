import type { HardwareStatus, LogEntry, PowerState } from './hardware-reading.ts';

/** What can be done to the power of a server, each by one kind of reset of Redfish. */
export const powerActions = {
  on: { resetType: 'On', reaches: 'on', about: 'Switch on.' },
  shutdown: { resetType: 'GracefulShutdown', reaches: 'off', about: 'Ask the operating system to shut down.' },
  force_off: { resetType: 'ForceOff', reaches: 'off', about: 'Cut the power at once; what is not written is lost.' },
  restart: { resetType: 'GracefulRestart', reaches: 'on', about: 'Ask the operating system to start anew.' },
  force_restart: { resetType: 'ForceRestart', reaches: 'on', about: 'Reset at once; what is not written is lost.' },
  cycle: {
    resetType: 'PowerCycle',
    reaches: 'on',
    about: 'Cut the power and give it again; what is not written is lost.',
  },
} as const satisfies Readonly<
  Record<string, { readonly resetType: string; readonly reaches: PowerState; readonly about: string }>
>;
export type PowerAction = keyof typeof powerActions;

export function isPowerAction(name: string): name is PowerAction {
  return Object.hasOwn(powerActions, name);
}

export type HardwareAction =
  | { readonly kind: 'power'; readonly action: PowerAction }
  /** `media` is the id of the virtual drive; without it the first that fits is taken. */
  | { readonly kind: 'insert_media'; readonly image: string; readonly media?: string | undefined }
  | { readonly kind: 'eject_media'; readonly media?: string | undefined };

/** What would be done, for people to read before they confirm it. It holds nothing secret. */
export interface HardwarePlan {
  readonly node: string;
  readonly bmc: string;
  readonly action: HardwareAction;
  /** What is sent to the management controller; the query of an image's address is left out. */
  readonly request: {
    readonly method: 'POST';
    readonly path: string;
    readonly body: Readonly<Record<string, string | boolean>>;
  };
  readonly currentPowerState: PowerState | undefined;
  readonly warnings: readonly string[];
}

export interface ProposedPlan {
  readonly plan: HardwarePlan;
  /** Needed to execute it, once. */
  readonly token: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

export interface ActionResult {
  readonly plan: HardwarePlan;
  /** `timeout`: accepted, but the state that was asked for did not come in time. */
  readonly outcome: 'done' | 'failed' | 'timeout';
  readonly detail: string;
  readonly powerState: PowerState | undefined;
  readonly durationSeconds: number;
}

/** Refused before anything was sent; the message is for whoever asked. */
export class HardwareRefusal extends Error {
  override readonly name = 'HardwareRefusal';
  /** `unknown`: no such node; `forbidden`: the configuration allows no actions; `token`: not confirmed; `invalid`: the server cannot do it or the request makes no sense. */
  readonly reason: 'unknown' | 'forbidden' | 'token' | 'invalid';

  constructor(reason: HardwareRefusal['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * The hardware behind one source. Actions take two steps: `plan` reads what the server allows and changes nothing; `execute` with the
 * token of a plan does it. Both reject with a HardwareRefusal, or with a SourceError where the management controller cannot be asked.
 */
export interface HardwareControl {
  /** Names under which the servers are known: the node of the configuration, else what the server calls itself, else the address of its management controller. */
  readonly nodes: () => readonly string[];
  readonly statuses: () => readonly HardwareStatus[];
  readonly status: (node: string) => HardwareStatus | undefined;
  readonly plan: (node: string, action: HardwareAction, signal: AbortSignal) => Promise<ProposedPlan>;
  /** Waits until the server has the state that was asked for, or the deadline for actions. */
  readonly execute: (node: string, action: HardwareAction, token: string, signal: AbortSignal) => Promise<ActionResult>;
  /** Reads the newest entries of all logs of the server now. */
  readonly logEntries: (node: string, signal: AbortSignal) => Promise<readonly LogEntry[]>;
}
