import type { ServerTrust } from '../../../../kit/http/send-request.ts';

/** One management controller of the configuration. */
export interface BmcTarget {
  /** Its root; paths of Redfish are put behind its path. */
  readonly url: URL;
  /** Host and, where it has one, port and path: what it is called everywhere. */
  readonly name: string;
  readonly host: string;
  /** The node that it belongs to; undefined where the controller is to say. */
  readonly node: string | undefined;
  readonly userFile: string;
  readonly passwordFile: string;
  readonly auth: 'session' | 'basic';
  readonly trust: ServerTrust;
}

export interface RedfishSettings {
  readonly targets: readonly BmcTarget[];
  /** Controllers that are asked at the same time. */
  readonly concurrency: number;
  /** For one request. */
  readonly timeoutSeconds: number;
  /** For everything that is read from one controller at a time. */
  readonly deadlineSeconds: number;
  /** 0 for never. */
  readonly sensorsEverySeconds: number;
  readonly logsEverySeconds: number;
  readonly maxSensors: number;
  /** Whether actions may be carried out; plans may always be made. */
  readonly allowActions: boolean;
  readonly actionDeadlineSeconds: number;
}
