import { simulatedCluster } from '../../../../cli/simulate/cluster.ts';
import { simulatedBmcs } from '../../../../cli/simulate/redfish/simulated-bmcs.ts';
import { createSimulatedGpu } from '../../../../exporters/gpu/sources/simulated/gpu-model.ts';

const key = { seed: 3, gpus: 8, user: 'u', password: 'p' };
const bmcs = simulatedBmcs(simulatedCluster(300), key);

test('the GPUs are those that the GPU exporter shows', () => {
  for (const node of [0, 7, 299]) {
    const shown = Array.from({ length: 8 }, (_, gpu) => createSimulatedGpu({ seed: 3, node, gpu }, []).reading());
    expect(bmcs[node]?.machine.gpus.map(({ uuid, serial, model }) => ({ uuid, serial, model }))).toEqual(
      shown.map(({ uuid, identity }) => ({ uuid, serial: identity?.serial, model: identity?.model })),
    );
  }
});

test('no two machines share what tells them apart', () => {
  const all = bmcs.flatMap(({ machine }) => [
    machine.serial,
    machine.uuid,
    machine.bmc.uuid,
    machine.bmc.mac,
    machine.bmc.ip,
    ...machine.nics.map(({ mac }) => mac),
    ...machine.disks.map(({ serial }) => serial),
    ...machine.supplies.map(({ serial }) => serial),
  ]);
  expect(new Set(all).size).toBe(all.length);
});

test('the same seed gives the same machines, another seed others', () => {
  expect(simulatedBmcs(simulatedCluster(300), key)).toEqual(bmcs);
  expect(simulatedBmcs(simulatedCluster(1), { ...key, seed: 4 })[0]?.machine.serial).not.toBe(bmcs[0]?.machine.serial);
});

test('the makers differ from rack to rack', () => {
  expect(bmcs.slice(0, 12).map(({ flavour }) => flavour)).toEqual([
    ...['dgx', 'dgx', 'dgx', 'dgx', 'dell', 'dell', 'dell', 'dell'],
    ...['supermicro', 'supermicro', 'supermicro', 'supermicro'],
  ]);
});
