import { titleOf } from '../../dashboards/title.ts';
import { fleetlens } from '../../metrics/fleetlens.ts';
import { gpu } from '../../metrics/gpu.ts';

test.each([
  [gpu.gpu_temperature_celsius, 'GPU temperature'],
  [gpu.gpu_energy_joules_total, 'GPU energy'],
  [gpu.gpu_ecc_errors_total, 'GPU ECC errors'],
  [gpu.gpu_driver_info, 'GPU driver'],
  [fleetlens.fleetlens_http_requests_rejected_total, 'FleetLens HTTP requests rejected'],
])('$name', (metric, title) => {
  expect(titleOf(metric)).toBe(title);
});
