import { join } from 'node:path';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import { costOf } from './bench.ts';

/**
 * One side of the `gpu-attribution` benchmark in a process of its own: `kubelet-side.ts ours|reflective <socket> <runs>` lists the pods
 * of the kubelet and prints how many containers with GPUs it found and the cost of each run as JSON.
 */
const [side, socket = '', runs = '0'] = process.argv.slice(2);
/** The first runs are compiled and optimised while they run. */
const warmUps = 5;

const list = side === 'ours' ? await ours() : reflective();
let containers = 0;
for (let run = 0; run < warmUps; run++) containers = await list();
const costs = [];
for (let run = 0; run < Number(runs); run++) costs.push(await costOf(list));
console.log(JSON.stringify({ containers, costs }));
process.exit(0);

/** The compiled files, as the exporter runs them. */
async function ours(): Promise<() => Promise<number>> {
  const file = join(import.meta.dirname, '../../dist/exporters/gpu/sources/kubelet/pod-resources.js');
  const { createPodResources }: typeof import('../../exporters/gpu/sources/kubelet/pod-resources.ts') = await import(
    file
  );
  const kubelet = createPodResources({ socket, resources: ['nvidia.com/gpu'], timeoutSeconds: 10 });
  return async () => (await kubelet.list()).containers.length;
}

/** What one writes first: the messages by reflection, everything decoded, then filtered. */
function reflective(): () => Promise<number> {
  const { root } = protobuf.parse(`syntax = "proto3"; package v1;
    message Empty {}
    message ListResponse { repeated PodResources pod_resources = 1; }
    message PodResources { string name = 1; string namespace = 2; repeated ContainerResources containers = 3; }
    message ContainerResources { string name = 1; repeated ContainerDevices devices = 2; repeated int64 cpu_ids = 3; }
    message ContainerDevices { string resource_name = 1; repeated string device_ids = 2; }`);
  const response = root.lookupType('v1.ListResponse');
  const Client = makeGenericClientConstructor(
    {
      list: {
        path: '/v1.PodResourcesLister/List',
        requestStream: false,
        responseStream: false,
        requestSerialize: () => Buffer.alloc(0),
        requestDeserialize: (bytes: Buffer) => bytes,
        responseSerialize: () => Buffer.alloc(0),
        responseDeserialize: (bytes: Buffer) => response.toObject(response.decode(bytes)),
      },
    },
    'PodResourcesLister',
  );
  const options = { 'grpc.max_receive_message_length': 64 * 1024 * 1024 };
  const client = new Client(`unix:${socket}`, credentials.createInsecure(), options);
  return () =>
    new Promise((resolve, reject) => {
      client['list']?.({}, (error: Error | null, answer: Answer) => {
        if (error !== null) reject(error);
        else resolve(answer.podResources.flatMap((pod) => (pod.containers ?? []).filter(hasGpu)).length);
      });
    });
}

interface Container {
  readonly devices?: readonly { readonly resourceName: string }[];
}

interface Answer {
  readonly podResources: readonly { readonly containers?: readonly Container[] }[];
}

function hasGpu({ devices = [] }: Container): boolean {
  return devices.some(({ resourceName }) => resourceName === 'nvidia.com/gpu');
}
