import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type handleUnaryCall, Server, ServerCredentials, type sendUnaryData, status } from '@grpc/grpc-js';
import protobuf from 'protobufjs/minimal.js';

export interface FakeDevices {
  readonly resource: string;
  readonly ids: readonly string[];
}

export interface FakeClaim {
  /** Driver and device are empty as kubelets older than 1.31 leave them. */
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

/** `old` knows only List, `disabled` has the other method behind a feature gate, `other` is no kubelet, `busy` limits the rate. */
export type FakeKubeletMode = 'normal' | 'slow' | 'garbage' | 'old' | 'disabled' | 'other' | 'busy';

export interface FakeKubelet {
  /** Methods that were called. */
  readonly calls: readonly string[];
  readonly connections: () => number;
  readonly setPods: (pods: readonly FakePod[]) => void;
  readonly setAllocatable: (devices: readonly FakeDevices[]) => void;
  readonly behave: (mode: FakeKubeletMode) => void;
  /** Ends all connections and makes the socket anew, as a kubelet does that is started again. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface State {
  mode: FakeKubeletMode;
  pods: Buffer;
  allocatable: Buffer;
}

/** A fake kubelet that speaks real gRPC over a Unix socket: the pod resources API v1, with answers and faults as told. */
export async function startFakeKubelet(socketPath: string): Promise<FakeKubelet> {
  const state: State = { mode: 'normal', pods: Buffer.alloc(0), allocatable: Buffer.alloc(0) };
  const calls: string[] = [];
  const server = new Server();
  server.addService(definition, {
    List: method((answer) => {
      calls.push('List');
      answerTo('List', state, answer);
    }),
    GetAllocatableResources: method((answer) => {
      calls.push('GetAllocatableResources');
      answerTo('GetAllocatableResources', state, answer);
    }),
  });
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  let connections = 0;
  let listener = await listen(socketPath, accept);

  function accept(socket: Socket): void {
    connections++;
    injector.injectConnection(socket);
  }

  return {
    calls,
    connections: () => connections,
    setPods: (pods) => {
      state.pods = encodeList(pods);
    },
    setAllocatable: (devices) => {
      state.allocatable = encodeAllocatable(devices);
    },
    behave: (mode) => {
      state.mode = mode;
    },
    restart: async () => {
      await listener.stop();
      listener = await listen(socketPath, accept);
    },
    stop: async () => {
      await listener.stop();
      server.forceShutdown();
    },
  };
}

interface Listener {
  readonly stop: () => Promise<void>;
}

async function listen(path: string, accept: (socket: Socket) => void): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    accept(socket);
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

type Method = 'List' | 'GetAllocatableResources';

function answerTo(name: Method, state: State, answer: sendUnaryData<Buffer>): void {
  const fault = faultOf(name, state.mode);
  if (fault !== undefined) answer(fault);
  else if (state.mode === 'garbage') answer(null, garbage);
  else if (state.mode !== 'slow') answer(null, name === 'List' ? state.pods : state.allocatable);
}

/** The third byte says that more bytes follow than there are. */
const garbage = Buffer.from([0x0a, 0x04, 0x0a, 0xff, 0x01, 0x02, 0xfe, 0x9f]);

interface Fault {
  readonly code: status;
  readonly details: string;
}

function faultOf(name: Method, mode: FakeKubeletMode): Fault | undefined {
  const isNewer = name === 'GetAllocatableResources';
  if (mode === 'other') return { code: status.UNIMPLEMENTED, details: 'unknown service v1.PodResourcesLister' };
  if (mode === 'busy') return { code: status.RESOURCE_EXHAUSTED, details: 'rejected by rate limit' };
  if (mode === 'old' && isNewer) return { code: status.UNIMPLEMENTED, details: `unknown method ${name}` };
  if (mode === 'disabled' && isNewer) return { code: status.UNKNOWN, details: `PodResources API ${name} disabled` };
  return undefined;
}

function method(handle: (answer: sendUnaryData<Buffer>) => void): handleUnaryCall<Buffer, Buffer> {
  return (_call, answer) => handle(answer);
}

function rawMethod(name: Method) {
  return {
    path: `/v1.PodResourcesLister/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: unchanged,
    requestDeserialize: unchanged,
    responseSerialize: unchanged,
    responseDeserialize: unchanged,
  };
}

const definition = { List: rawMethod('List'), GetAllocatableResources: rawMethod('GetAllocatableResources') };

function unchanged(bytes: Buffer): Buffer {
  return bytes;
}

/** Field numbers are those of api.proto in k8s.io/kubelet/pkg/apis/podresources/v1. */
type Write = (writer: protobuf.Writer) => void;

export function encodeList(pods: readonly FakePod[]): Buffer {
  return message((writer) => {
    for (const pod of pods) {
      nested(writer, 1, (inPod) => {
        text(inPod, 1, pod.name);
        text(inPod, 2, pod.namespace);
        for (const container of pod.containers)
          nested(inPod, 3, (inContainer) => writeContainer(inContainer, container));
      });
    }
  });
}

export function encodeAllocatable(devices: readonly FakeDevices[]): Buffer {
  return message((writer) => {
    for (const ofResource of devices) nested(writer, 1, (inDevices) => writeDevices(inDevices, ofResource));
    packed(writer, 2, [0, 1, 2, 3]);
  });
}

function writeContainer(writer: protobuf.Writer, { name, devices = [], cpus = [], claims = [] }: FakeContainer): void {
  text(writer, 1, name);
  for (const ofResource of devices) nested(writer, 2, (inDevices) => writeDevices(inDevices, ofResource));
  packed(writer, 3, cpus);
  nested(writer, 4, (memory) => {
    text(memory, 1, 'memory');
    memory.uint32((2 << 3) | 0).uint64(8_589_934_592);
  });
  for (const claim of claims) nested(writer, 5, (inResource) => writeClaim(inResource, claim));
}

function writeDevices(writer: protobuf.Writer, { resource, ids }: FakeDevices): void {
  text(writer, 1, resource);
  for (const id of ids) text(writer, 2, id);
  nested(writer, 3, (topology) =>
    nested(topology, 1, (node) => {
      node.uint32((1 << 3) | 0).int64(1);
    }),
  );
}

function writeClaim(writer: protobuf.Writer, { driver, device }: FakeClaim): void {
  text(writer, 2, 'a-claim');
  text(writer, 3, 'a-namespace');
  nested(writer, 4, (claim) => {
    nested(claim, 1, (cdi) => text(cdi, 1, 'k8s.gpu.nvidia.com/device=x'));
    text(claim, 2, driver);
    text(claim, 3, 'a-pool');
    text(claim, 4, device);
  });
}

function message(write: Write): Buffer {
  const writer = protobuf.Writer.create();
  write(writer);
  return Buffer.from(writer.finish());
}

function nested(writer: protobuf.Writer, field: number, write: Write): void {
  writer.uint32((field << 3) | 2).fork();
  write(writer);
  writer.ldelim();
}

/** proto3 leaves empty strings out. */
function text(writer: protobuf.Writer, field: number, value: string): void {
  if (value !== '') writer.uint32((field << 3) | 2).string(value);
}

function packed(writer: protobuf.Writer, field: number, values: readonly number[]): void {
  if (values.length === 0) return;
  nested(writer, field, (inField) => {
    for (const value of values) inField.int64(value);
  });
}
