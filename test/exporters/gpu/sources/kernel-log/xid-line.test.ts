import fc from 'fast-check';
import { normalPci, samePci } from '../../../../../exporters/gpu/sources/kernel-log/pci-address.ts';
import { parseXidLine } from '../../../../../exporters/gpu/sources/kernel-log/xid-line.ts';
import { otherXid } from '../../../../../exporters/gpu/sources/xid-ledger.ts';

describe('a message of the driver', () => {
  test.each([
    [
      "NVRM: Xid (PCI:0000:18:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
      { pciBusId: '0000:18:00', xid: 79 },
    ],
    ['NVRM: Xid (PCI:0000:09:00): 79, GPU has fallen off the bus.', { pciBusId: '0000:09:00', xid: 79 }],
    ['NVRM: Xid (0000:03:00): 14, Channel 00000001', { pciBusId: '0000:03:00', xid: 14 }],
    ['NVRM: Xid (PCI:0001:00:00.0): 48, DBE', { pciBusId: '0001:00:00', xid: 48 }],
    ['NVRM: Xid (PCI:10000:E1:00): 31, pid=1, name=a', { pciBusId: '10000:e1:00', xid: 31 }],
    [
      'NVRM: Xid (PCI:0000:9b:00 GPU-I:05): 94, pid=7194, Contained: CE User Channel (0x9). RST: No, D-RST: No',
      { pciBusId: '0000:9b:00', xid: 94, gpuInstanceId: 5 },
    ],
    [
      'NVRM: Xid (PCI:0000:3b:00 GPU-I:11 GPU-CI:02): 13, pid=9, name=a, Graphics Exception',
      { pciBusId: '0000:3b:00', xid: 13, gpuInstanceId: 11 },
    ],
    ['NVRM: Xid (PCI:0000:01:00): 154', { pciBusId: '0000:01:00', xid: 154 }],
    ['NVRM: Xid (PCI:0000:01:00): 4294967295, what is this', { pciBusId: '0000:01:00', xid: otherXid }],
  ])('%s is an XID', (text, expected) => {
    expect(parseXidLine(text)).toEqual(expected);
  });

  test.each([
    'NVRM: GPU at PCI:0000:18:00: GPU-b850f46d-d5ea-c752-ddf3-c6453e44d3f7',
    'NVRM: GPU 0000:09:00.0: GPU has fallen off the bus.',
    'NVRM: Xid (PCI:0000:01:00): 99999999999, longer than any number',
    'NVRM: Xid (PCI:0000:01:00): , no code',
    'NVRM: Xid (invalid): 79, no address',
    'nvidia-nvswitch0: SXid (PCI:0000:c1:00.0): 12028, Non-fatal, Link 32 egress non-posted PRIV error',
    'python3[12]: saw "NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus."',
    '',
  ])('%s is none', (text) => {
    expect(parseXidLine(text)).toBeUndefined();
  });

  test('keeps nothing of the process', () => {
    const line = parseXidLine('NVRM: Xid (PCI:0000:18:00): 31, pid=4242, name=secret-project, Ch 00000008');
    expect(Object.keys(line ?? {}).toSorted()).toEqual(['pciBusId', 'xid']);
  });

  test('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => (parseXidLine(`NVRM: Xid (${text}`)?.xid ?? 0) <= 9999));
  });
});

describe('a PCI address', () => {
  test('is the same from NVML and from the kernel', () => {
    expect(samePci('00000000:18:00.0', '0000:18:00')).toBe(true);
    expect(samePci('00010000:E1:00.0', '10000:e1:00')).toBe(true);
    expect(samePci('00000000:18:00.0', '0000:19:00')).toBe(false);
    expect(samePci('00000001:18:00.0', '0000:18:00')).toBe(false);
  });

  test('is undefined for what is none, and two of these are not the same', () => {
    expect(normalPci('GPU-0')).toBeUndefined();
    expect(samePci('', '')).toBe(false);
  });
});
