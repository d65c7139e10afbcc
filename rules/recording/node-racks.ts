import { cmdb } from '../../metrics/cmdb.ts';
import { prometheus } from '../../metrics/external.ts';
import { promql, select } from '../../metrics/promql.ts';
import { nodeHost } from '../../metrics/vendors/node-exporter.ts';
import { portsDown } from '../infiniband.ts';
import { hostJobs } from '../node.ts';
import { defineRecordings } from '../recording.ts';
import { recent } from '../vectors.ts';

const known = { node: { not: '' }, rack: { not: '' } } as const;
const byDiscovery = promql`group by (cluster, node, rack) (${select(prometheus.up, { job: hostJobs, ...known })})`;
const byInventory = promql`group by (cluster, node, rack) (${select(cmdb.cmdb_ci_info, { class: 'server', ...known })})`;
const rackOf = promql`(${byDiscovery} or on (cluster, node) ${byInventory})`;
const downOn = promql`count by (cluster, node) (${portsDown})`;
const hasPorts = promql`group by (cluster, node) (${recent(nodeHost.node_infiniband_state_id)})`;

/** As fast as the alerts about single ports, which it holds back. */
export const nodeRacksGroup = defineRecordings(
  { group: 'node-racks', profile: 'node' },
  {
    'node_rack:node_infiniband_ports:down': {
      help: 'Ports of InfiniBand or RoCE of a machine that were in use and are down, 0 for none; of machines whose rack is known from service discovery or the inventory.',
      unit: 'none',
      labels: ['cluster', 'node', 'rack'],
      expr: promql`${rackOf} * on (cluster, node) group_left () (${downOn} or 0 * ${hasPorts})`,
    },
  },
);
