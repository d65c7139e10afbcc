import { ansible } from './ansible/index.ts';
import { files } from './files/index.ts';
import { kubernetes } from './kubernetes/index.ts';
import { lldp } from './lldp/index.ts';
import { netbox } from './netbox/index.ts';
import { prometheus } from './prometheus/index.ts';

/** Every type that an entry under `sources` in the configuration may have. */
export const sourceTypes = [prometheus, kubernetes, netbox, lldp, files, ansible] as const;
