import { ansible } from './ansible/index.ts';
import { files } from './files/index.ts';
import { kubernetesSourceType } from './kubernetes/kubernetes-source-type.ts';
import { lldp } from './lldp/index.ts';
import { netbox } from './netbox/index.ts';
import { prometheus } from './prometheus/index.ts';
import { redfishSourceType } from './redfish/redfish-source.ts';
import type { SourceType } from './source-type.ts';

/** Every type that an entry under `sources` in the configuration may have. `env` tells a pod where its cluster is. */
export function sourceTypes(env: Readonly<Record<string, string | undefined>>): readonly SourceType[] {
  return [prometheus, kubernetesSourceType(env), redfishSourceType, netbox, lldp, files, ansible];
}
