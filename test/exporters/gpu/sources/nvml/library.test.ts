import { loadLibrary } from '../../../../../exporters/gpu/sources/nvml/library.ts';
import { DriverUnavailable } from '../../../../../exporters/gpu/sources/nvml/unavailable.ts';
import { buildFakeNvml } from '../../../../support/fake-nvml.ts';

test('takes the first library that is there', () => {
  const path = buildFakeNvml();
  expect(loadLibrary(['libnvidia-ml-that-is-not-there.so.1', path]).name).toBe(path);
});

test('says which libraries it tried, why each did not do, and what to do', () => {
  const load = () => loadLibrary(['libnvidia-ml-that-is-not-there.so.1', 'libm.so.6']);
  expect(load).toThrow(DriverUnavailable);
  expect(load).toThrow(expect.objectContaining({ state: 'library_not_found' }));
  expect(load).toThrow(
    /libm\.so\.6 cannot be used \(it has no function nvmlInit\); not there: libnvidia-ml-that-is-not-there\.so\.1\); install/,
  );
});

test('a function that the library lacks answers FUNCTION_NOT_FOUND', () => {
  const library = loadLibrary([buildFakeNvml({ without: ['MEMORY_V2'] })]);
  expect(library.call('nvmlDeviceGetMemoryInfo_v2', 0n, Buffer.alloc(40))).toBe(13);
});
