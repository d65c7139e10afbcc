import fc from 'fast-check';
import type { XidSourceName } from '../../../../exporters/gpu/sources/source.ts';
import { createXidMerge } from '../../../../exporters/gpu/sources/xid-merge.ts';

interface Heard {
  readonly via: XidSourceName;
  readonly at: number;
  readonly uuid?: string;
  readonly xid?: number;
}

const nvml = (at: number): Heard => ({ via: 'nvml_events', at });
const kernel = (at: number): Heard => ({ via: 'kernel_log', at });

function countNews(heard: readonly Heard[]): number {
  const merge = createXidMerge({ windowSeconds: 10 });
  return heard.filter(({ via, at, uuid = 'GPU-a', xid = 79 }) => merge.isNews({ uuid, xid }, via, at)).length;
}

test.each([
  ['one error, NVML first', [nvml(1), kernel(2)], 1],
  ['one error, kernel first', [kernel(1), nvml(1)], 1],
  ['two errors heard twice, one after the other', [nvml(1), kernel(1), nvml(2), kernel(2)], 2],
  ['two errors heard twice, source by source', [nvml(1), nvml(2), kernel(3), kernel(4)], 2],
  ['two errors of which NVML told one', [kernel(1), nvml(1), kernel(2)], 2],
  ['three lines in the kernel log for two events', [kernel(1), kernel(1), kernel(1), nvml(2), nvml(2)], 3],
  ['one source alone', [kernel(1), kernel(1), kernel(5)], 3],
  ['the end of the window', [nvml(1), kernel(11)], 1],
  ['behind the window', [nvml(1), kernel(13)], 2],
  ['an error behind the window that matches a later one', [nvml(1), nvml(12), kernel(13), kernel(14)], 3],
  ['two codes', [nvml(1), { ...kernel(1), xid: 31 }], 2],
  ['two GPUs', [nvml(1), { ...kernel(1), uuid: 'GPU-b' }], 2],
])('%s: counted as expected', (_, heard, expected) => {
  expect(countNews(heard)).toBe(expected);
});

test('within the window the larger of the two numbers counts, in whatever order they come', () => {
  const events = fc.array(
    fc.record({ via: fc.constantFrom<XidSourceName>('nvml_events', 'kernel_log'), at: fc.constant(5) }),
  );
  fc.assert(
    fc.property(events, (heard) => {
      const fromKernel = heard.filter(({ via }) => via === 'kernel_log').length;
      expect(countNews(heard)).toBe(Math.max(fromKernel, heard.length - fromKernel));
    }),
  );
});

test('a flood through both sources counts once, however much later the second tells', () => {
  const flood = (via: XidSourceName, from: number) =>
    Array.from({ length: 20_000 }, (_, index) => ({ via, at: from + index / 20_000 }));
  expect(countNews([...flood('kernel_log', 0), ...flood('nvml_events', 9)])).toBe(20_000);
});

test('GPUs and codes without end do not fill the memory: the oldest are forgotten', () => {
  const merge = createXidMerge({ windowSeconds: 10 });
  const isNews = (xid: number, via: XidSourceName) => merge.isNews({ uuid: 'GPU-a', xid }, via, 1);
  for (let xid = 0; xid < 5000; xid++) isNews(xid, 'kernel_log');
  expect(isNews(4999, 'nvml_events')).toBe(false);
  expect(isNews(0, 'nvml_events')).toBe(true);
});
