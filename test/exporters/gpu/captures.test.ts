import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gpuCollectors } from '../../../exporters/gpu/collectors/index.ts';
import { readCaptureFile } from '../../../exporters/gpu/sources/capture/capture-file.ts';
import { printCapture } from '../../../exporters/gpu/sources/capture/print-capture.ts';
import { createXidLedger } from '../../../exporters/gpu/sources/xid-ledger.ts';
import { renderExposition } from '../../../kit/exposition/render.ts';
import { createSampleWriter } from '../../../kit/exposition/samples.ts';
import { gpu } from '../../../metrics/gpu.ts';
import { boards } from '../../support/captures/boards.ts';
import { expectGolden } from '../../support/golden.ts';
import { nodeState } from '../../support/node-state.ts';
import { replayedReadings } from './sources/capture/replayed-session.ts';

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'captures');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace(/\.json$/, ''));

test('there is a capture of every board', () => {
  expect(names).toEqual(expect.arrayContaining(Object.keys(boards)));
});

describe.each(names)('%s', (name) => {
  const capture = readCaptureFile(join(folder, `${name}.json`));

  test('says where it is from, is small enough to be read, and holds no name of a GPU', () => {
    expect(capture.origin).toBe(name in boards ? 'written from the documented ABI' : 'recorded');
    const text = printCapture(capture);
    expect(text.length).toBeLessThan(300 * 1024);
    const uuids = text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
    expect(uuids.filter((uuid) => !uuid.startsWith('00000000-0000-4000-8000-0000000'))).toEqual([]);
  });

  test('is read without errors', () => {
    const readings = replayedReadings(capture);
    expect(readings.map(({ gpus }) => gpus.map(({ failure, errors }) => ({ failure, errors })))).toEqual(
      readings.map(({ gpus }) => gpus.map(() => ({ failure: undefined, errors: {} }))),
    );
  });

  test('is shown as it should be', async () => {
    const reading = replayedReadings(capture).at(-1);
    const ledger = createXidLedger();
    for (const { index, uuid } of reading?.gpus ?? []) ledger.know(index, uuid);
    const state = nodeState({
      source: 'replay',
      reading,
      enumerated: reading?.gpus.length,
      xids: ledger.counts(),
      xidSources: { nvml_events: false, kernel_log: false },
    });
    const { families, ...writer } = createSampleWriter(gpu);
    const { signal } = new AbortController();
    const failures: string[] = [];
    for (const collector of gpuCollectors)
      await collector.collect(state, { ...writer, fail: (reason) => failures.push(reason), signal });
    expect(failures).toEqual([]);
    expectGolden(`gpu/captures/${name}.prom`, renderExposition('text', families()));
  });
});
