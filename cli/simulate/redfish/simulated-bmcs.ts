import { board } from '../../../exporters/gpu/sources/simulated/board.ts';
import { serialOf, uuidOf } from '../../../exporters/gpu/sources/simulated/gpu-model.ts';
import { noise } from '../../../exporters/gpu/sources/simulated/random.ts';
import { simulatedUuid } from '../../../exporters/gpu/sources/simulated/simulated-uuid.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { machine } from '../machine.ts';
import { simulatedSystemUuid } from '../system-uuid.ts';
import type { FakeBmcSettings } from './fake-bmc.ts';
import type { FakeMachine } from './fake-machine.ts';
import type { FlavourName } from './flavours/index.ts';

export interface SimulatedBmcsKey {
  readonly seed: number;
  /** GPUs of each node. */
  readonly gpus: number;
  readonly user: string;
  readonly password: string;
}

const suppliesPerNode = 4;

/** The controllers of the nodes of a simulated cluster; the GPUs in them have the UUIDs and serial numbers that the GPU exporter shows. */
export function simulatedBmcs(
  { nodes }: SimulatedCluster,
  { seed, gpus, user, password }: SimulatedBmcsKey,
): readonly FakeBmcSettings[] {
  return nodes.map(({ name, rack }, node) => ({
    name,
    machine: simulatedMachine({ seed, node, gpus }, name, rack),
    flavour: flavourOf(node),
    user,
    password,
  }));
}

/** Clusters are bought in portions: nodes of one rack have one maker. */
function flavourOf(node: number): FlavourName {
  const names: readonly FlavourName[] = ['dgx', 'dell', 'supermicro'];
  return names[Math.floor(node / 4) % names.length] ?? 'dgx';
}

export function simulatedMachine(
  { seed, node, gpus }: { readonly seed: number; readonly node: number; readonly gpus: number },
  nodeName: string,
  rack: string | undefined,
): FakeMachine {
  return {
    nodeName,
    serial: `S${digits(seed, node, 201)}`,
    uuid: simulatedSystemUuid({ seed, node }),
    bmc: { uuid: simulatedUuid(seed, node, 203), mac: macOf(seed, node, 0), ip: `10.250.${node >> 8}.${node & 255}` },
    rack,
    gpus: Array.from({ length: gpus }, (_, gpu) => ({
      uuid: uuidOf({ seed, node, gpu }),
      serial: serialOf({ seed, node, gpu }),
      model: board.model,
      vbios: board.vbios,
    })),
    nics: Array.from({ length: machine.adapters }, (_, nic) => ({
      mac: macOf(seed, node, nic + 1),
      model: 'ConnectX-7 400G',
      serial: `MT${digits(seed, node, 210 + nic)}`,
    })),
    disks: Array.from({ length: machine.disks }, (_, disk) => ({
      serial: `K${digits(seed, node, 230 + disk)}`,
      model: 'KCM7XRUG3T84',
      bytes: machine.diskBytes,
    })),
    supplies: Array.from({ length: suppliesPerNode }, (_, supply) => ({
      serial: `P${digits(seed, node, 250 + supply)}`,
      model: 'DPS-3300AB',
      watts: 3300,
    })),
  };
}

function digits(...keys: readonly number[]): string {
  return String(1_000_000_000 + Math.floor(noise(...keys) * 8_999_999_999));
}

/** Locally administered, so that it is nobody's. */
function macOf(seed: number, node: number, port: number): string {
  const tail = Math.floor(noise(seed, node, 220) * 0x100)
    .toString(16)
    .padStart(2, '0');
  const number = (node * 16 + port).toString(16).padStart(6, '0');
  return `02:f1:${tail}:${number.slice(0, 2)}:${number.slice(2, 4)}:${number.slice(4, 6)}`;
}
