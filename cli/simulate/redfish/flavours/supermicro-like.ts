import {
  collection,
  enabled,
  type FakeMachine,
  type Flavour,
  type LiveState,
  link,
  type ResourceTree,
} from '../fake-machine.ts';
import { addMedia } from './dell-like.ts';

const systemPath = '/redfish/v1/Systems/1';
const chassisPath = '/redfish/v1/Chassis/1';
const managerPath = '/redfish/v1/Managers/1';

/** As many controllers of Supermicro tell it: nobody wrote the serial number, some numbers are texts, GPUs are PCIe devices, logs are lists of links. */
export const supermicroLike: Flavour = {
  resources: resourcesOf,
  canExpand: false,
  hasEtags: false,
  hasSessions: true,
  logPageSize: undefined,
  newestFirst: false,
  hasTasks: false,
  absoluteLocations: true,
};

function resourcesOf(machine: FakeMachine, state: LiveState): ResourceTree {
  const tree: ResourceTree = new Map();
  addSystem(tree, machine, state);
  addChassis(tree, machine, state);
  addManager(tree, machine, state);
  return tree;
}

function addSystem(tree: ResourceTree, machine: FakeMachine, state: LiveState): void {
  collection(tree, '/redfish/v1/Systems', {
    '1': () => ({
      Name: 'System',
      Manufacturer: 'Supermicro',
      Model: 'SYS-821GE-TNHR',
      SerialNumber: 'Default string',
      PartNumber: '',
      UUID: machine.uuid.toUpperCase(),
      BiosVersion: '2.1.V1',
      PowerState: state.powerState(),
      Status: { State: 'Enabled', Health: 'OK' },
      ProcessorSummary: {
        Count: 2,
        Model: 'Intel(R) Xeon(R) Platinum 8468',
        Status: { State: 'Enabled', Health: 'OK' },
      },
      MemorySummary: { TotalSystemMemoryGiB: '2048', Status: { State: 'Enabled', Health: 'OK' } },
      Processors: link(`${systemPath}/Processors`),
      EthernetInterfaces: link(`${systemPath}/EthernetInterfaces`),
      Storage: link(`${systemPath}/Storage`),
      LogServices: link(`${systemPath}/LogServices`),
      Links: { Chassis: [link(chassisPath)], ManagedBy: [link(managerPath)] },
      Actions: {
        '#ComputerSystem.Reset': {
          target: `${systemPath}/Actions/ComputerSystem.Reset`,
          '@Redfish.ActionInfo': `${systemPath}/ResetActionInfo`,
        },
      },
    }),
  });
  tree.set(`${systemPath}/ResetActionInfo`, {
    '@odata.id': `${systemPath}/ResetActionInfo`,
    Parameters: [
      {
        Name: 'ResetType',
        Required: true,
        AllowableValues: ['On', 'ForceOff', 'GracefulShutdown', 'GracefulRestart', 'ForceRestart', 'Nmi', 'ForceOn'],
      },
    ],
  });
  collection(tree, `${systemPath}/Processors`, {
    '1': { ProcessorType: 'CPU', Status: enabled },
    '2': { ProcessorType: 'CPU', Status: enabled },
  });
  collection(
    tree,
    `${systemPath}/EthernetInterfaces`,
    Object.fromEntries(
      machine.nics.map(({ mac }, index) => [
        String(index + 1),
        { MACAddress: mac.replaceAll(':', '-'), SpeedMbps: null, Status: enabled },
      ]),
    ),
  );
  const drives = machine.disks.map((_, index) => `${chassisPath}/Drives/Disk${index}`);
  collection(tree, `${systemPath}/Storage`, { NVMeSSD: { Drives: drives.map(link), Status: enabled } });
  for (const [index, disk] of machine.disks.entries()) {
    const path = drives[index] ?? '';
    tree.set(path, {
      '@odata.id': path,
      Id: `Disk${index}`,
      Manufacturer: 'KIOXIA',
      Model: disk.model,
      SerialNumber: `${disk.serial}   `,
      CapacityBytes: disk.bytes,
      Status: enabled,
    });
  }
}

function addChassis(tree: ResourceTree, machine: FakeMachine, state: LiveState): void {
  collection(tree, '/redfish/v1/Chassis', {
    '1': {
      ChassisType: 'RackMount',
      Manufacturer: 'Supermicro',
      SerialNumber: 'C8010LL25B40',
      Thermal: link(`${chassisPath}/Thermal`),
      Power: link(`${chassisPath}/Power`),
      PCIeDevices: link(`${chassisPath}/PCIeDevices`),
      Status: enabled,
    },
  });
  collection(tree, `${chassisPath}/PCIeDevices`, {
    ...Object.fromEntries(
      machine.gpus.map((gpu, index) => [
        `GPU${index + 1}`,
        {
          Name: `GPU${index + 1}`,
          Manufacturer: 'NVIDIA',
          Model: gpu.model,
          SerialNumber: gpu.serial,
          FirmwareVersion: gpu.vbios,
          Slot: {},
          Status: enabled,
        },
      ]),
    ),
    NIC1: { Name: 'Onboard NIC', Manufacturer: 'Intel', Model: 'X710', Status: enabled },
  });
  tree.set(`${chassisPath}/Thermal`, () => ({
    '@odata.id': `${chassisPath}/Thermal`,
    Temperatures: [
      {
        MemberId: '0',
        Name: 'CPU1 Temp',
        ReadingCelsius: String(state.wobble(30, 62, 4)),
        UpperThresholdCritical: '100',
        Status: enabled,
      },
      {
        MemberId: '1',
        Name: 'Inlet Temp',
        ReadingCelsius: state.wobble(31, 24, 1),
        UpperThresholdCritical: 255,
        Status: enabled,
      },
      { MemberId: '2', Name: 'AOC Temp', ReadingCelsius: null, Status: { State: 'Enabled' } },
      { MemberId: '3', Name: 'NVMe Temp', Status: { State: 'Absent' } },
    ],
    Fans: [{ MemberId: '0', Name: 'FAN1', Reading: state.wobble(32, 8400, 200), ReadingUnits: 'RPM', Status: enabled }],
  }));
  tree.set(`${chassisPath}/Power`, () => ({
    '@odata.id': `${chassisPath}/Power`,
    PowerControl: [{ MemberId: '0', PowerConsumedWatts: state.wobble(1, 6100, 200) }],
    PowerSupplies: machine.supplies.map((supply, index) => ({
      MemberId: String(index),
      Name: `Power Supply Bay ${index + 1}`,
      Manufacturer: 'SUPERMICRO',
      Model: supply.model,
      SerialNumber: supply.serial,
      PowerInputWatts: state.wobble(10 + index, 1530, 50),
      LastPowerOutputWatts: state.wobble(20 + index, 1450, 50),
      Status: enabled,
    })),
    Voltages: [{ MemberId: '0', Name: '12V', ReadingVolts: 12.1, Status: enabled }],
  }));
}

function addManager(tree: ResourceTree, { bmc }: FakeMachine, state: LiveState): void {
  collection(tree, '/redfish/v1/Managers', {
    '1': {
      ManagerType: 'BMC',
      UUID: bmc.uuid,
      Model: 'ASPEED',
      FirmwareVersion: '01.01.06',
      EthernetInterfaces: link(`${managerPath}/EthernetInterfaces`),
      VirtualMedia: link(`${managerPath}/VirtualMedia`),
      Status: enabled,
    },
  });
  collection(tree, `${managerPath}/EthernetInterfaces`, {
    '1': { MACAddress: bmc.mac, IPv4Addresses: [{ Address: bmc.ip }] },
  });
  collection(tree, `${systemPath}/LogServices`, {
    Log1: { Name: 'System Event Log', Entries: link(`${systemPath}/LogServices/Log1/Entries`) },
  });
  addMedia(tree, `${managerPath}/VirtualMedia`, ['CD1'], state);
  tree.set('/redfish/v1/UpdateService', {
    '@odata.id': '/redfish/v1/UpdateService',
    FirmwareInventory: link('/redfish/v1/UpdateService/FirmwareInventory'),
  });
  collection(tree, '/redfish/v1/UpdateService/FirmwareInventory', {
    BMC: { Name: 'Firmware Inventory', Version: '01.01.06', Status: enabled },
    BIOS: { Name: 'Firmware Inventory', Version: '2.1.V1', Status: enabled },
  });
}
