import { machine } from '../../machine.ts';
import type { NodeWork } from '../node-work.ts';
import { familyOf, type PageFamily, pageOf } from '../page.ts';
import { cpuFamilies } from './cpu.ts';
import { kernelFamilies } from './kernel.ts';
import { memoryFamilies } from './memory.ts';
import { networkFamilies } from './network.ts';
import { storageFamilies } from './storage.ts';

/** What node_exporter would show of a simulated server, in its names and labels. The name of its build tells that it is none. */
export function nodePage(name: string, work: NodeWork, atSeconds: number): string {
  return pageOf([
    ...identityFamilies(name),
    ...cpuFamilies(work, atSeconds),
    ...memoryFamilies(work, atSeconds),
    ...kernelFamilies(work, atSeconds),
    ...storageFamilies(work, atSeconds),
    ...networkFamilies(work, atSeconds),
  ]);
}

function identityFamilies(nodename: string): readonly PageFamily[] {
  const { id, prettyName, versionId } = machine.os;
  const uname = {
    domainname: '(none)',
    machine: 'x86_64',
    nodename,
    release: machine.kernel,
    sysname: 'Linux',
    version: '#63-Ubuntu SMP PREEMPT_DYNAMIC',
  };
  return [
    familyOf('node_uname_info', 'gauge', [[uname, 1]]),
    familyOf('node_os_info', 'gauge', [
      [
        { id, id_like: 'debian', name: 'Ubuntu', pretty_name: prettyName, version: versionId, version_id: versionId },
        1,
      ],
    ]),
    familyOf(
      'node_exporter_build_info',
      'gauge',
      [[{ branch: 'simulated', goarch: 'amd64', goos: 'linux', revision: 'simulated', version: '1.9.0' }, 1]],
      'Build of the exporter.',
    ),
  ];
}
