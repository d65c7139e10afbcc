import { gpuOptions } from '../../../exporters/gpu/options.ts';
import { shownNames } from '../../../exporters/gpu/shown-names.ts';
import { parseOptions } from '../../../kit/options/parse.ts';

function isShown(...argv: readonly string[]) {
  const options = parseOptions(gpuOptions, { argv, env: {}, readFile: () => '' });
  return shownNames(options).isShown;
}

test('shows everything under our own names if nothing is said', () => {
  const shown = isShown();
  expect([shown('gpu_power_watts'), shown('fleetlens_build_info')]).toEqual([true, true]);
});

test('leaves out names and prefixes, in every name set, and never what the exporter says about itself', () => {
  const shown = isShown('--metrics.exclude=gpu_nvlink_*,gpu_fan_ratio,DCGM_FI_DEV_ENC_UTIL,fleetlens_*');
  expect(
    ['gpu_nvlink_up', 'gpu_fan_ratio', 'DCGM_FI_DEV_ENC_UTIL', 'gpu_fan_ratio_max', 'fleetlens_build_info'].map(shown),
  ).toEqual([false, false, false, true, true]);
});

test('without the native set only the other names are shown', () => {
  const shown = isShown('--metrics.names=dcgm-4.8');
  expect(['gpu_power_watts', 'DCGM_FI_DEV_GPU_TEMP', 'fleetlens_collector_success'].map(shown)).toEqual([
    false,
    true,
    true,
  ]);
});

test.each(['gpu_*_up', '.*', 'gpu up', '*'])('refuses %s, which is no name', (pattern) => {
  expect(() => isShown(`--metrics.exclude=${pattern}`)).toThrow(/--metrics\.exclude must hold names of metrics/);
});
