import { createLinkSums } from '../../../exporters/gpu/link-sums.ts';
import type { GpuReading } from '../../../exporters/gpu/reading.ts';
import { gpuReading, nodeReading } from '../../support/node-state.ts';

function sums(changes: Partial<GpuReading>): GpuReading | undefined {
  return createLinkSums()(nodeReading([gpuReading(changes)])).gpus[0];
}

test('bytes and errors of the links are added up, their states stay', () => {
  const gpu = sums({
    traffic: {
      pcieTransmitBytes: 7,
      nvlinks: [
        { link: 0, transmitBytes: 1, receiveBytes: 2 },
        { link: 1, transmitBytes: 10, receiveBytes: 20 },
      ],
    },
    nvlink: {
      links: [
        { link: 0, up: true, replays: 1, crcFlitErrors: 2, recoveries: 0 },
        { link: 1, up: false, replays: 3, crcFlitErrors: 4, recoveries: 0 },
      ],
    },
  });
  expect(gpu?.traffic).toEqual({
    pcieTransmitBytes: 7,
    nvlinks: [{ link: 'all', transmitBytes: 11, receiveBytes: 22 }],
  });
  expect(gpu?.nvlink?.links).toEqual([
    { link: 0, up: true },
    { link: 1, up: false },
    { link: 'all', crcFlitErrors: 6, crcDataErrors: undefined, replays: 4, recoveries: 0 },
  ]);
});

test('a link that does not tell counts with what it told last, so that the sum never falls for it', () => {
  const add = createLinkSums();
  const sumOf = (nvlinks: NonNullable<GpuReading['traffic']>['nvlinks']) =>
    add(nodeReading([gpuReading({ traffic: { nvlinks } })])).gpus[0]?.traffic?.nvlinks[0];
  sumOf([
    { link: 0, transmitBytes: 100, receiveBytes: 1 },
    { link: 1, transmitBytes: 50, receiveBytes: 1 },
  ]);
  expect(sumOf([{ link: 0, transmitBytes: 110, receiveBytes: 2 }, { link: 1 }])).toEqual({
    link: 'all',
    transmitBytes: 160,
    receiveBytes: 3,
  });
});

test('a link that never told anything takes no part', () => {
  const gpu = sums({ traffic: { nvlinks: [{ link: 0, transmitBytes: 1, receiveBytes: 2 }, { link: 1 }] } });
  expect(gpu?.traffic?.nvlinks).toEqual([{ link: 'all', transmitBytes: 1, receiveBytes: 2 }]);
});

test('a GPU without NVLink stays without it', () => {
  expect(sums({ traffic: { pcieReceiveBytes: 1, nvlinks: [] } })).toEqual(
    gpuReading({ traffic: { pcieReceiveBytes: 1, nvlinks: [] } }),
  );
});

test('where the GPU gives the sum of the errors itself, that is the sum', () => {
  const gpu = sums({
    nvlink: {
      links: [
        { link: 0, up: true },
        { link: 'all', replays: 7, recoveries: 0 },
      ],
    },
  });
  expect(gpu?.nvlink?.links).toEqual([
    { link: 0, up: true },
    { link: 'all', replays: 7, recoveries: 0 },
  ]);
});
