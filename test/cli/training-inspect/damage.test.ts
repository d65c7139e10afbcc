import { join } from 'node:path';
import { inspect, losses, newFolder, optionsOf, removeFolders, textOf, write } from './inspection.ts';

afterAll(removeFolders);

/** Bytes of a record of one loss: all are equally long. */
const record = (losses([1, 1]).length - losses([1]).length) | 0;

test('a torn end is told, and what is before it is read', async () => {
  const folder = newFolder();
  const whole = losses([3, 2, 1]);
  write(join(folder, 'events.out.tfevents.1'), whole.subarray(0, whole.length - 5));
  const report = await inspect(folder);
  expect(report.runs[0]?.steps.last).toBe(1);
  expect(report.runs[0]?.problems).toMatchObject([
    { what: expect.stringMatching(/^ends inside a record; the last \d+ bytes/) },
  ]);
  expect(textOf(report, folder)).toContain('! /data/events.out.tfevents.1 ends inside a record');
});

test('a record with a wrong checksum is left out', async () => {
  const folder = newFolder();
  const bytes = losses([3, 2, 1]);
  const at = bytes.length - record - 6;
  bytes[at] = (bytes[at] ?? 0) ^ 255;
  const path = write(join(folder, 'events.out.tfevents.1'), bytes);
  const report = await inspect(folder);
  expect(report.runs[0]?.problems).toMatchObject([{ path, what: '1 record with a wrong checksum was left out' }]);
  expect(report.runs[0]?.plot.loss.map(({ step }) => step)).toEqual([0, 2]);
});

test('a file whose frame is damaged is dead from there on', async () => {
  const folder = newFolder();
  const bytes = losses([3, 2, 1]);
  bytes.fill(255, bytes.length - record, bytes.length - record + 8);
  write(join(folder, 'events.out.tfevents.1'), bytes);
  write(join(folder, 'events.out.tfevents.2'), losses([9]));
  const report = await inspect(folder);
  expect(report.runs[0]?.problems).toHaveLength(1);
  expect(report.runs[0]?.problems[0]?.what).toMatch(/^is damaged at byte/);
});

test('of a long log only the end is read, which is said', async () => {
  const folder = newFolder();
  const line = (loss: number) => `{'loss': ${loss}, 'grad_norm': 1.0, 'epoch': 0.1}\n`;
  write(join(folder, 'a.log'), `${line(9)}${'.'.repeat(99)}\n`.repeat(15_000) + line(2));
  const report = await inspect(folder, optionsOf('--logs.catch-up-mib=1'));
  const [run] = report.runs;
  expect(run?.problems).toMatchObject([{ what: expect.stringMatching(/only the last 1 MiB were read/) }]);
  expect(run?.sources[0]?.readBytes).toBeLessThan(1_100_000);
  expect(run?.plot.axis).toBe('report');
});

test('a file that cannot be read costs nothing else', async () => {
  const folder = newFolder();
  write(join(folder, 'events.out.tfevents.1'), losses([3]));
  const bad = write(join(folder, 'events.out.tfevents.2'), losses([2]));
  const { diskFileSystem } = await import('../../../exporters/training/sources/files/file-system.ts');
  const report = await inspect(folder, optionsOf(), {
    fs: {
      read: async (path, position, buffer) => {
        if (path === bad) throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
        return diskFileSystem.read(path, position, buffer);
      },
    },
  });
  expect(report.runs[0]?.problems).toMatchObject([{ path: bad, what: 'cannot be read: EACCES: permission denied' }]);
  expect(report.runs[0]?.plot.loss).toHaveLength(1);
});

test('a torn trainer_state.json is a problem and not a run', async () => {
  const report = await inspect(write(join(newFolder(), 'trainer_state.json'), '{"global_step": 1'));
  expect(report.runs).toEqual([]);
  expect(report.silent[0]?.problems[0]?.what).toMatch(/is no JSON/);
});
