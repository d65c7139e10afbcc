import { machine } from '../../machine.ts';
import type { Direction, NodeWork } from '../node-work.ts';
import { columnsOf, familyOf, type PageFamily } from '../page.ts';

const packetBytes = 4_096;
/** Of what an adapter carries, what goes through the kernel; the rest is RDMA, which the kernel does not see. */
const kernelPart = 0.06;

/**
 * Interfaces and adapters. node_network_info and node_infiniband_info are left out: the management controllers and LLDP of the simulated site tell
 * of the same adapters under other names, and the inventory would rightly call that a conflict.
 */
export function networkFamilies(work: NodeWork, atSeconds: number): readonly PageFamily[] {
  const { adapters, bootSeconds } = work;
  const ports = adapters.map((adapter, number) => ({ number, adapter }));
  const ethernets = ports.map((port) => [{ device: `eth${port.number}` }, port] as const);
  const hcas = ports.map((port) => [{ device: `mlx5_${port.number}`, port: '1' }, port] as const);
  const bytes = ({ adapter }: Port, way: keyof Direction): number => adapter[way].totalAt(atSeconds, bootSeconds);
  const kernelBytes = (port: Port, way: keyof Direction): number => Math.floor(kernelPart * bytes(port, way));
  const rdmaBytes = (port: Port, way: keyof Direction): number => Math.floor((1 - kernelPart) * bytes(port, way));
  const none = (): number => 0;
  const dropped = 'Packets of an interface that were dropped.';
  return [
    ...columnsOf(ethernets, [
      ['node_network_up', 'gauge', () => 1, '1 if the interface is up.'],
      ['node_network_speed_bytes', 'gauge', () => machine.adapterBytesPerSecond, 'What an interface can carry.'],
      ['node_network_receive_bytes_total', 'counter', (port) => kernelBytes(port, 'in')],
      ['node_network_transmit_bytes_total', 'counter', (port) => kernelBytes(port, 'out')],
      ['node_network_receive_packets_total', 'counter', packetsOf(kernelBytes, 'in'), 'Packets that were received.'],
      ['node_network_transmit_packets_total', 'counter', packetsOf(kernelBytes, 'out'), 'Packets that were sent.'],
      ['node_network_receive_errs_total', 'counter', none],
      ['node_network_transmit_errs_total', 'counter', none],
      ['node_network_receive_drop_total', 'counter', none, dropped],
      ['node_network_transmit_drop_total', 'counter', none, dropped],
      ['node_network_carrier_changes_total', 'counter', () => 2],
    ]),
    familyOf('node_bonding_slaves', 'gauge', [[{ master: 'bond0' }, 2]]),
    familyOf('node_bonding_active', 'gauge', [[{ master: 'bond0' }, 2]]),
    ...columnsOf(hcas, [
      ['node_infiniband_state_id', 'gauge', () => 4],
      ['node_infiniband_physical_state_id', 'gauge', () => 5, 'Physical state of a port: 5 link up.'],
      ['node_infiniband_rate_bytes_per_second', 'gauge', () => machine.adapterBytesPerSecond, 'What a port can carry.'],
      ['node_infiniband_port_data_received_bytes_total', 'counter', (port) => rdmaBytes(port, 'in')],
      ['node_infiniband_port_data_transmitted_bytes_total', 'counter', (port) => rdmaBytes(port, 'out')],
      ['node_infiniband_port_errors_received_total', 'counter', none],
      ['node_infiniband_port_transmit_wait_total', 'counter', none, 'Ticks in which a port had to wait to send.'],
      ['node_infiniband_link_downed_total', 'counter', none],
      ['node_infiniband_link_error_recovery_total', 'counter', none],
      ['node_infiniband_symbol_error_total', 'counter', none],
    ]),
  ];
}

interface Port {
  readonly number: number;
  readonly adapter: Direction;
}

function packetsOf(bytes: (port: Port, way: keyof Direction) => number, way: keyof Direction) {
  return (port: Port): number => Math.floor(bytes(port, way) / packetBytes);
}
