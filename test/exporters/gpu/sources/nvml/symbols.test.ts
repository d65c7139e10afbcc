import { symbols } from '../../../../../exporters/gpu/sources/nvml/symbols.ts';

test('functions that block while they sample are not called: 20 ms for each GPU and direction', () => {
  const blocking = ['nvmlDeviceGetPcieThroughput', 'nvmlDeviceGetSamples'];
  expect(Object.keys(symbols).filter((symbol) => blocking.includes(symbol))).toEqual([]);
});
