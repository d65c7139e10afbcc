import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall, status } from '@grpc/grpc-js';
import protobuf from 'protobufjs/minimal.js';

export interface FakeDevices {
  readonly resource: string;
  readonly ids: readonly string[];
}

export interface FakeClaim {
  /** Empty as kubelets older than 1.31 leave it. */
  readonly driver: string;
  readonly device: string;
}

export interface FakeContainer {
  readonly name: string;
  readonly devices?: readonly FakeDevices[];
  readonly cpus?: readonly number[];
  readonly claims?: readonly FakeClaim[];
}

export interface FakePod {
  readonly namespace: string;
  readonly name: string;
  readonly containers: readonly FakeContainer[];
}

/** `old` knows only List, `other` is no kubelet, `busy` turns calls down for their rate. */
export type FakeKubeletMode = 'normal' | 'slow' | 'garbage' | 'old' | 'disabled' | 'other' | 'busy';

export interface FakeKubelet {
  readonly socket: string;
  /** Names of the methods that were called, and in how many connections. */
  readonly calls: readonly string[];
  readonly connections: () => number;
  readonly pods: (pods: readonly FakePod[]) => void;
  readonly allocatable: (devices: readonly FakeDevices[]) => void;
  readonly behave: (mode: FakeKubeletMode) => void;
  /** Ends all connections and makes the socket anew, as a kubelet does that is started again. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}
