import type { Expr } from '../metrics/promql.ts';
import { promql } from '../metrics/promql.ts';
import { nodeHost } from '../metrics/vendors/node-exporter.ts';
import { perPort } from './node.ts';
import { recent } from './vectors.ts';

const { node_infiniband_state_id: state, node_infiniband_port_data_received_bytes_total: received } = nodeHost;

/** Ports that are not active though they once had data, or were active a day ago: one that was never connected is not down. */
export const portsDown: Expr = promql`${perPort(recent(state))} < 4
and
(${perPort(recent(received))} > 0 or ${perPort(promql`${state} offset 1d`)} >= 4)`;
