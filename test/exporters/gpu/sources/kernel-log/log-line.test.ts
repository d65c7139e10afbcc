import { parseKmsgRecords } from '../../../../../exporters/gpu/sources/kernel-log/kmsg-record.ts';
import { parseLogLine } from '../../../../../exporters/gpu/sources/kernel-log/log-line.ts';

const xid = 'NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.';
const at = Date.UTC(2026, 5, 19, 14, 32, 7) / 1000;

test.each([
  [xid, { text: xid }],
  [`[Fri Aug 30 11:43:09 2024] ${xid}`, { text: xid }],
  [`[ 8659.726062] ${xid}`, { text: xid, kernelSeconds: 8659.726062 }],
  [`[ 8659.726062][ T1234] ${xid}`, { text: xid, kernelSeconds: 8659.726062 }],
  [`kern  :err   : [ 8659.726062] ${xid}`, { text: xid, kernelSeconds: 8659.726062 }],
  [`<3>[ 8659.726062] ${xid}`, { text: xid, kernelSeconds: 8659.726062 }],
  [`May 27 16:50:10 fedora kernel: ${xid}`, { text: xid }],
  [`Dec  6 17:49:03 node-7 kernel: [ 8659.726062] ${xid}`, { text: xid }],
  [`kwi 15 07:56:59 testowy kernel: ${xid}`, { text: xid }],
  [`[ 8659.726062] node-7 kernel: ${xid}`, { text: xid }],
  [`kernel: ${xid}`, { text: xid }],
  [`2026-06-19T14:32:07.250000+00:00 host kernel: ${xid}`, { text: xid, unixSeconds: at + 0.25 }],
  [`2026-06-19T16:32:07+0200 host kernel: [    1.5] ${xid}`, { text: xid, unixSeconds: at }],
  [`2026-06-19T14:32:07,500000+00:00 ${xid}`, { text: xid, unixSeconds: at + 0.5 }],
  [`<3>1 2026-06-19T14:32:07Z host kernel - - -  ${xid}`, { text: xid, unixSeconds: at }],
  [`2026-06-19 14:32:07 host kernel: ${xid}`, { text: xid }],
])('%s', (line, expected) => {
  expect(parseLogLine(line)).toEqual(expected);
});

test.each([
  `May 27 16:50:10 node-7 health-daemon[812]: found ${xid}`,
  `May 27 16:50:10 node-7 health-daemon[812]: kernel: ${xid}`,
  `May 27 16:50:10 node-7 watcher: line="May 27 16:50:10 node-7 kernel: ${xid}"`,
  `2026-06-19T14:32:07Z node-7 watcher[1]: 2026-06-19T14:32:07Z node-7 kernel: ${xid}`,
  `May 27 16:50:10 node-7 watcher: kernel: ${xid}`,
  `May 27 16:50:10 node-7 someone saw this from the kernel: ${xid}`,
  `2026-06-19T14:32:07Z node-7 watcher ${xid}`,
  `${'x'.repeat(300)} kernel: ${xid}`,
  'May 27 16:50:10 fedora kernel: NVRM: loading NVIDIA UNIX Open Kernel Module',
])('is not the kernel saying so: %s', (line) => {
  expect(parseLogLine(line)).toBeUndefined();
});

test('a record of /dev/kmsg is read without the lines that tell of the device', () => {
  const text = `3,341,12091273386,-;${xid}\n SUBSYSTEM=pci\n DEVICE=+pci:0000:01:00.0\n`;
  expect(parseKmsgRecords(text)).toEqual([{ sequence: 341, kernelSeconds: 12091.273386, text: xid }]);
});

test('a record of /dev/kmsg may have more fields than are known today', () => {
  expect(parseKmsgRecords('6,7,1000000,-,caller=T1;a;b\n')).toEqual([{ sequence: 7, kernelSeconds: 1, text: 'a;b' }]);
});

test('what is no record of /dev/kmsg is passed over', () => {
  expect(parseKmsgRecords('garbage\n6,x,1,-;text\n\n;\n')).toEqual([]);
});
