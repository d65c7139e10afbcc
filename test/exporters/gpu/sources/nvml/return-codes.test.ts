import { classOf, nameOf } from '../../../../../exporters/gpu/sources/nvml/return-codes.ts';

test.each([
  [0, 'success', 'ok'],
  [1, 'uninitialized', 'lifecycle'],
  [3, 'not_supported', 'unsupported'],
  [4, 'no_permission', 'permission'],
  [9, 'driver_not_loaded', 'lifecycle'],
  [10, 'timeout', 'transient'],
  [13, 'function_not_found', 'unsupported'],
  [15, 'gpu_is_lost', 'gpu-fatal'],
  [16, 'reset_required', 'gpu-fatal'],
  [18, 'lib_rm_version_mismatch', 'lifecycle'],
  [25, 'argument_version_mismatch', 'protocol'],
  [26, 'deprecated', 'unsupported'],
  [28, 'gpu_not_found', 'gpu-fatal'],
  [999, 'unknown', 'transient'],
])('code %i is %s and %s', (code, name, kind) => {
  expect([nameOf(code), classOf(code)]).toEqual([name, kind]);
});

test('a code that is newer than the table still has a name', () => {
  expect([nameOf(77), classOf(77)]).toEqual(['code_77', 'other']);
});
