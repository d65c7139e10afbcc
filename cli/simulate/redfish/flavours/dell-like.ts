import {
  collection,
  enabled,
  type FakeMachine,
  type Flavour,
  type LiveState,
  link,
  type ResourceTree,
} from '../fake-machine.ts';

const systemPath = '/redfish/v1/Systems/System.Embedded.1';
const chassisPath = '/redfish/v1/Chassis/System.Embedded.1';
const managerPath = '/redfish/v1/Managers/iDRAC.Embedded.1';

/** As the controllers of Dell tell it: old Thermal and Power, everything can be expanded, the service tag stands in SKU. */
export const dellLike: Flavour = {
  resources: resourcesOf,
  canExpand: true,
  hasEtags: true,
  hasSessions: true,
  logPageSize: 50,
  newestFirst: true,
  hasTasks: false,
  absoluteLocations: false,
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
    'System.Embedded.1': () => ({
      Name: 'System',
      SystemType: 'Physical',
      Manufacturer: 'Dell Inc.',
      Model: 'PowerEdge XE9680',
      SKU: machine.serial,
      SerialNumber: `CNFCP00${machine.serial}`,
      PartNumber: '0NTKGYA02',
      AssetTag: '',
      UUID: machine.uuid,
      HostName: machine.nodeName,
      BiosVersion: '2.5.4',
      PowerState: state.powerState(),
      Status: { State: 'Enabled', Health: 'OK', HealthRollup: 'OK' },
      ProcessorSummary: {
        Count: 2,
        LogicalProcessorCount: 224,
        Model: 'Intel(R) Xeon(R) Platinum 8480+',
        Status: enabled,
      },
      MemorySummary: { TotalSystemMemoryGiB: 2048, Status: { State: 'Enabled', Health: 'OK', HealthRollup: 'OK' } },
      Processors: link(`${systemPath}/Processors`),
      EthernetInterfaces: link(`${systemPath}/EthernetInterfaces`),
      Storage: link(`${systemPath}/Storage`),
      Links: { Chassis: [link(chassisPath)], ManagedBy: [link(managerPath)] },
      Actions: {
        '#ComputerSystem.Reset': {
          target: `${systemPath}/Actions/ComputerSystem.Reset`,
          'ResetType@Redfish.AllowableValues': [
            'On',
            'ForceOff',
            'ForceRestart',
            'GracefulRestart',
            'GracefulShutdown',
            'PushPowerButton',
            'Nmi',
            'PowerCycle',
          ],
        },
      },
      Oem: { Dell: { DellSystem: { BIOSReleaseDate: '01/01/2026' } } },
    }),
  });
  collection(tree, `${systemPath}/Processors`, {
    'CPU.Socket.1': { ProcessorType: 'CPU', Manufacturer: 'Intel', Status: enabled },
    'CPU.Socket.2': { ProcessorType: 'CPU', Manufacturer: 'Intel', Status: enabled },
    ...Object.fromEntries(
      machine.gpus.map((gpu, index) => [
        `Video.Slot.${21 + index}-1`,
        {
          ProcessorType: 'GPU',
          Manufacturer: 'NVIDIA Corporation',
          Model: gpu.model,
          SerialNumber: gpu.serial,
          UUID: gpu.uuid.replace('GPU-', ''),
          FirmwareVersion: gpu.vbios,
          Location: { PartLocation: { ServiceLabel: `SXM ${index + 1}` } },
          Status: enabled,
        },
      ]),
    ),
  });
  collection(
    tree,
    `${systemPath}/EthernetInterfaces`,
    Object.fromEntries(
      machine.nics.map(({ mac }, index) => [
        `NIC.Slot.${index + 1}-1-1`,
        { MACAddress: mac.toUpperCase(), PermanentMACAddress: mac.toUpperCase(), SpeedMbps: 100_000, Status: enabled },
      ]),
    ),
  );
  addStorage(tree, machine);
}

function addStorage(tree: ResourceTree, machine: FakeMachine): void {
  const storage = `${systemPath}/Storage/CPU.1`;
  const drives = machine.disks.map((_, index) => `${storage}/Drives/Disk.Bay.${index}`);
  collection(tree, `${systemPath}/Storage`, {
    'CPU.1': { Name: 'PCIe SSDs', Drives: drives.map(link), Status: enabled },
  });
  for (const [index, disk] of machine.disks.entries()) {
    const path = drives[index] ?? '';
    tree.set(path, {
      '@odata.id': path,
      Id: `Disk.Bay.${index}`,
      Name: `PCIe SSD in Slot ${index}`,
      Manufacturer: 'KIOXIA',
      Model: disk.model,
      SerialNumber: disk.serial,
      Revision: '1.2.3',
      CapacityBytes: disk.bytes,
      PhysicalLocation: { PartLocation: { LocationType: 'Slot', LocationOrdinalValue: index } },
      Status: enabled,
    });
  }
}

function addChassis(tree: ResourceTree, machine: FakeMachine, state: LiveState): void {
  collection(tree, '/redfish/v1/Chassis', {
    'System.Embedded.1': {
      ChassisType: 'RackMount',
      Manufacturer: 'Dell Inc.',
      Model: 'PowerEdge XE9680',
      SerialNumber: machine.serial,
      Thermal: link(`${chassisPath}/Thermal`),
      Power: link(`${chassisPath}/Power`),
      Status: enabled,
      ...(machine.rack === undefined ? {} : { Location: { Placement: { Rack: machine.rack } } }),
    },
  });
  tree.set(`${chassisPath}/Thermal`, () => thermal(state));
  tree.set(`${chassisPath}/Power`, () => ({
    '@odata.id': `${chassisPath}/Power`,
    PowerControl: [
      { MemberId: 'PowerControl', PowerConsumedWatts: state.wobble(1, 6200, 200), PowerCapacityWatts: 16_800 },
    ],
    PowerSupplies: machine.supplies.map((supply, index) => ({
      MemberId: `PSU.Slot.${index + 1}`,
      Name: `PS${index + 1} Status`,
      Manufacturer: 'DELL',
      Model: supply.model,
      SerialNumber: supply.serial,
      PartNumber: '0CMPGM',
      PowerInputWatts: state.wobble(10 + index, 1550, 50),
      PowerOutputWatts: state.wobble(20 + index, 1480, 50),
      PowerCapacityWatts: supply.watts,
      LineInputVoltage: 230,
      Status: enabled,
    })),
    Voltages: [{ MemberId: 'V1', Name: 'PS1 Voltage 1', ReadingVolts: 230, Status: enabled }],
  }));
}

function thermal(state: LiveState) {
  return {
    '@odata.id': `${chassisPath}/Thermal`,
    Temperatures: [
      {
        MemberId: 'T1',
        Name: 'System Board Inlet Temp',
        ReadingCelsius: state.wobble(30, 24, 1),
        UpperThresholdCritical: 47,
        Status: enabled,
      },
      {
        MemberId: 'T2',
        Name: 'CPU1 Temp',
        ReadingCelsius: state.wobble(31, 62, 4),
        UpperThresholdCritical: 101,
        Status: enabled,
      },
      { MemberId: 'T3', Name: 'GPU9 Temp', ReadingCelsius: null, Status: { State: 'Absent' } },
    ],
    Fans: [
      {
        MemberId: 'F1',
        FanName: 'System Board Fan1A',
        Reading: state.wobble(32, 9800, 300),
        ReadingUnits: 'RPM',
        Status: enabled,
      },
      {
        MemberId: 'F2',
        FanName: 'System Board Fan2A',
        Reading: state.wobble(33, 9800, 300),
        ReadingUnits: 'RPM',
        Status: enabled,
      },
    ],
  };
}

function addManager(tree: ResourceTree, { bmc }: FakeMachine, state: LiveState): void {
  collection(tree, '/redfish/v1/Managers', {
    'iDRAC.Embedded.1': {
      ManagerType: 'BMC',
      Model: '16G Monolithic',
      UUID: bmc.uuid,
      FirmwareVersion: '7.10.50.00',
      EthernetInterfaces: link(`${managerPath}/EthernetInterfaces`),
      LogServices: link(`${managerPath}/LogServices`),
      VirtualMedia: link(`${managerPath}/VirtualMedia`),
      Status: enabled,
    },
  });
  collection(tree, `${managerPath}/EthernetInterfaces`, {
    'NIC.1': { MACAddress: bmc.mac, IPv4Addresses: [{ Address: bmc.ip }], Status: enabled },
  });
  collection(tree, `${managerPath}/LogServices`, {
    Sel: { Name: 'SEL Log Service', Entries: link(`${managerPath}/LogServices/Sel/Entries`) },
    Lclog: { Name: 'LC Log Service', Entries: link(`${managerPath}/LogServices/Lclog/Entries`) },
  });
  addMedia(tree, `${managerPath}/VirtualMedia`, ['CD', 'RemovableDisk'], state);
  tree.set('/redfish/v1/UpdateService', {
    '@odata.id': '/redfish/v1/UpdateService',
    FirmwareInventory: link('/redfish/v1/UpdateService/FirmwareInventory'),
  });
  collection(tree, '/redfish/v1/UpdateService/FirmwareInventory', {
    'Installed-159-2.5.4': { Name: 'BIOS', Version: '2.5.4', Status: enabled },
    'Previous-159-2.4.0': { Name: 'BIOS', Version: '2.4.0', Status: enabled },
    'Installed-25227-7.10.50.00': {
      Name: 'Integrated Dell Remote Access Controller',
      Version: '7.10.50.00',
      Status: enabled,
    },
  });
}

export function addMedia(tree: ResourceTree, path: string, drives: readonly string[], state: LiveState): void {
  collection(
    tree,
    path,
    Object.fromEntries(
      drives.map((drive) => [
        drive,
        () => {
          const { image } = state.media(drive);
          return {
            Name: drive,
            MediaTypes: /CD/.test(drive) ? ['CD', 'DVD'] : ['USBStick'],
            Image: image ?? null,
            Inserted: image !== undefined,
            Actions: {
              '#VirtualMedia.InsertMedia': { target: `${path}/${drive}/Actions/VirtualMedia.InsertMedia` },
              '#VirtualMedia.EjectMedia': { target: `${path}/${drive}/Actions/VirtualMedia.EjectMedia` },
            },
          };
        },
      ]),
    ),
  );
}
