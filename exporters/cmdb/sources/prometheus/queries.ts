import { nodeExporter, prometheus } from '../../../../metrics/external.ts';
import { gpu } from '../../../../metrics/gpu.ts';

export type QueryName = keyof ReturnType<typeof queriesFor>;

/** Series of dcgm-exporter whose labels tell the GPU; the second stands in where the first is not exported. */
const dcgm = ['DCGM_FI_DEV_GPU_TEMP', 'DCGM_FI_DEV_FB_USED'] as const;

/** One instant query each. `match` is what stands in the braces of every selector, such as cluster="a". */
export function queriesFor({ match, nodeLabel }: { readonly match: string; readonly nodeLabel: string }) {
  const of = ({ name }: { readonly name: string }, ...matchers: readonly string[]): string =>
    `${name}{${[match, ...matchers].filter((each) => each !== '').join(',')}}`;
  return {
    machines: of(nodeExporter.node_uname_info),
    firmware: of(nodeExporter.node_dmi_info),
    systems: of(nodeExporter.node_os_info),
    memory: of(nodeExporter.node_memory_MemTotal_bytes),
    cpus: `count without (cpu, mode) (${of(nodeExporter.node_cpu_seconds_total, 'mode="idle"')})`,
    interfaces: of(nodeExporter.node_network_info),
    adapters: of(nodeExporter.node_infiniband_info),
    gpus: of(gpu.gpu_info),
    migInstances: of(gpu.gpu_mig_info),
    drivers: of(gpu.gpu_driver_info),
    dcgm: dcgm.map((name) => of({ name })).join(' or '),
    targets: of(prometheus.up, `${nodeLabel}!=""`),
  };
}
