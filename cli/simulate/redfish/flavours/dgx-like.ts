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

const systemPath = '/redfish/v1/Systems/DGX';
const boardPath = '/redfish/v1/Systems/HGX_Baseboard_0';
const chassisPath = '/redfish/v1/Chassis/DGX';
const managerPath = '/redfish/v1/Managers/BMC';

/** As the controllers of NVIDIA's DGX tell it: the GPUs sit on a system of their own, and every reading is a sensor of the new kind. */
export const dgxLike: Flavour = {
  resources: resourcesOf,
  canExpand: true,
  hasEtags: true,
  hasSessions: true,
  logPageSize: 40,
  newestFirst: false,
  hasTasks: true,
  absoluteLocations: false,
};

function resourcesOf(machine: FakeMachine, state: LiveState): ResourceTree {
  const tree: ResourceTree = new Map();
  addSystems(tree, machine, state);
  addChassis(tree, machine, state);
  addPower(tree, machine, state);
  addManager(tree, machine, state);
  return tree;
}

function addSystems(tree: ResourceTree, machine: FakeMachine, state: LiveState): void {
  collection(tree, '/redfish/v1/Systems', {
    DGX: () => ({
      Name: 'DGX',
      SystemType: 'Physical',
      Manufacturer: 'NVIDIA',
      Model: 'DGXH100',
      SerialNumber: machine.serial,
      PartNumber: '965-24387-0002-003',
      AssetTag: `asset-${machine.serial}`,
      UUID: machine.uuid,
      HostName: machine.nodeName,
      BiosVersion: '1.1.3',
      PowerState: state.powerState(),
      Status: { State: 'Enabled', Health: 'OK', HealthRollup: 'OK' },
      ProcessorSummary: { Count: 2, LogicalProcessorCount: 224, Status: enabled },
      MemorySummary: { TotalSystemMemoryGiB: 2048, Status: enabled },
      Storage: link(`${systemPath}/Storage`),
      LogServices: link(`${systemPath}/LogServices`),
      Links: { Chassis: [link(chassisPath)], ManagedBy: [link(managerPath)] },
      Actions: {
        '#ComputerSystem.Reset': {
          target: `${systemPath}/Actions/ComputerSystem.Reset`,
          'ResetType@Redfish.AllowableValues': [
            'On',
            'ForceOff',
            'GracefulShutdown',
            'GracefulRestart',
            'ForceRestart',
            'PowerCycle',
          ],
        },
      },
    }),
    HGX_Baseboard_0: {
      Name: 'HGX Baseboard',
      SystemType: 'Physical',
      Manufacturer: 'NVIDIA',
      Processors: link(`${boardPath}/Processors`),
      Status: enabled,
    },
  });
  collection(
    tree,
    `${boardPath}/Processors`,
    Object.fromEntries(
      machine.gpus.map((gpu, index) => [
        `GPU_SXM_${index + 1}`,
        {
          ProcessorType: 'GPU',
          Manufacturer: 'NVIDIA',
          Model: gpu.model,
          SerialNumber: gpu.serial,
          PartNumber: '2330-885-A1',
          UUID: gpu.uuid.replace('GPU-', ''),
          FirmwareVersion: gpu.vbios,
          Status: enabled,
        },
      ]),
    ),
  );
  const drives = machine.disks.map((_, index) => `${systemPath}/Storage/1/Drives/NVMe_${index}`);
  collection(tree, `${systemPath}/Storage`, { '1': { Drives: drives.map(link), Status: enabled } });
  for (const [index, disk] of machine.disks.entries()) {
    const path = drives[index] ?? '';
    tree.set(path, {
      '@odata.id': path,
      Id: `NVMe_${index}`,
      Name: `NVMe_${index}`,
      Manufacturer: 'KIOXIA',
      Model: disk.model,
      SerialNumber: disk.serial,
      CapacityBytes: disk.bytes,
      PhysicalLocation: { PartLocation: { ServiceLabel: `NVMe ${index}` } },
      Status: enabled,
    });
  }
  collection(tree, `${systemPath}/LogServices`, {
    EventLog: { Name: 'Event Log', Entries: link(`${systemPath}/LogServices/EventLog/Entries`) },
  });
}

function addChassis(tree: ResourceTree, machine: FakeMachine, state: LiveState): void {
  const gpus = machine.gpus.map((_, index) => `HGX_GPU_SXM_${index + 1}`);
  collection(tree, '/redfish/v1/Chassis', {
    ...Object.fromEntries(
      gpus.map((id) => [
        id,
        {
          ChassisType: 'Module',
          Manufacturer: 'NVIDIA',
          Sensors: link(`/redfish/v1/Chassis/${id}/Sensors`),
          Status: enabled,
        },
      ]),
    ),
    DGX: {
      ChassisType: 'RackMount',
      Manufacturer: 'NVIDIA',
      SerialNumber: machine.serial,
      Sensors: link(`${chassisPath}/Sensors`),
      ThermalSubsystem: link(`${chassisPath}/ThermalSubsystem`),
      PowerSubsystem: link(`${chassisPath}/PowerSubsystem`),
      EnvironmentMetrics: link(`${chassisPath}/EnvironmentMetrics`),
      NetworkAdapters: link(`${chassisPath}/NetworkAdapters`),
      Status: enabled,
    },
  });
  for (const [index, id] of gpus.entries()) {
    collection(tree, `/redfish/v1/Chassis/${id}/Sensors`, {
      [`${id}_Temp_1`]: () => ({
        Name: `${id} Temp 1`,
        ReadingType: 'Temperature',
        ReadingUnits: 'Cel',
        Reading: state.wobble(40 + index, 58, 5),
        Thresholds: { UpperCritical: { Reading: 87 } },
        Status: enabled,
      }),
    });
  }
  collection(tree, `${chassisPath}/Sensors`, {
    TEMP_AMB: () => ({
      Name: 'Inlet Temp',
      ReadingType: 'Temperature',
      ReadingUnits: 'Cel',
      Reading: state.wobble(30, 24, 1),
      Thresholds: { UpperCritical: { Reading: 45 } },
      Status: enabled,
    }),
    SPD_FAN_1_F: () => ({
      Name: 'Fan 1 Front',
      ReadingType: 'Rotational',
      Reading: state.wobble(32, 7600, 200),
      Status: enabled,
    }),
    VOLT_12V: { Name: '12V', ReadingType: 'Voltage', Reading: 12.05, Status: enabled },
  });
  tree.set(`${chassisPath}/ThermalSubsystem`, {
    '@odata.id': `${chassisPath}/ThermalSubsystem`,
    Fans: link(`${chassisPath}/ThermalSubsystem/Fans`),
    LeakDetection: link(`${chassisPath}/ThermalSubsystem/LeakDetection`),
  });
  collection(tree, `${chassisPath}/ThermalSubsystem/Fans`, {
    FAN_1: () => ({
      Name: 'Fan 1',
      SpeedPercent: { Reading: 55, SpeedRPM: state.wobble(32, 7600, 200) },
      Status: enabled,
    }),
  });
  tree.set(`${chassisPath}/ThermalSubsystem/LeakDetection`, {
    '@odata.id': `${chassisPath}/ThermalSubsystem/LeakDetection`,
    LeakDetectors: link(`${chassisPath}/ThermalSubsystem/LeakDetection/LeakDetectors`),
  });
  collection(tree, `${chassisPath}/ThermalSubsystem/LeakDetection/LeakDetectors`, {
    Leak_1: () => ({ Name: 'Tray leak', DetectorState: state.faults.has('leak') ? 'Critical' : 'OK', Status: enabled }),
  });
  addAdapters(tree, machine);
}

function addAdapters(tree: ResourceTree, machine: FakeMachine): void {
  const path = `${chassisPath}/NetworkAdapters`;
  collection(
    tree,
    path,
    Object.fromEntries(
      machine.nics.map((nic, index) => [
        `NIC_${index + 1}`,
        {
          Manufacturer: 'Mellanox Technologies',
          Model: nic.model,
          SerialNumber: nic.serial,
          Controllers: [
            { FirmwarePackageVersion: '28.39.1002', Location: { PartLocation: { ServiceLabel: `Slot ${index + 1}` } } },
          ],
          NetworkDeviceFunctions: link(`${path}/NIC_${index + 1}/NetworkDeviceFunctions`),
          Status: enabled,
        },
      ]),
    ),
  );
  for (const [index, { mac }] of machine.nics.entries())
    collection(tree, `${path}/NIC_${index + 1}/NetworkDeviceFunctions`, {
      '0': { Ethernet: { MACAddress: mac, PermanentMACAddress: mac } },
    });
}

function addPower(tree: ResourceTree, machine: FakeMachine, state: LiveState): void {
  const path = `${chassisPath}/PowerSubsystem`;
  tree.set(path, { '@odata.id': path, PowerSupplies: link(`${path}/PowerSupplies`) });
  collection(
    tree,
    `${path}/PowerSupplies`,
    Object.fromEntries(
      machine.supplies.map((supply, index) => [
        `PSU${index}`,
        {
          Name: `PSU${index}`,
          Manufacturer: 'Delta',
          Model: supply.model,
          SerialNumber: supply.serial,
          FirmwareVersion: '0202',
          PowerCapacityWatts: supply.watts,
          LineInputStatus: 'Normal',
          Metrics: link(`${path}/PowerSupplies/PSU${index}/Metrics`),
          Status: enabled,
        },
      ]),
    ),
  );
  for (const index of machine.supplies.keys()) {
    const own = `${path}/PowerSupplies/PSU${index}/Metrics`;
    tree.set(own, () => ({
      '@odata.id': own,
      InputPowerWatts: { Reading: state.wobble(10 + index, 1540, 50) },
      OutputPowerWatts: { Reading: state.wobble(20 + index, 1460, 50) },
    }));
  }
  tree.set(`${chassisPath}/EnvironmentMetrics`, () => ({
    '@odata.id': `${chassisPath}/EnvironmentMetrics`,
    PowerWatts: { Reading: state.wobble(1, 6150, 200) },
    EnergykWh: { Reading: 5123.5 },
  }));
}

function addManager(tree: ResourceTree, { bmc }: FakeMachine, state: LiveState): void {
  collection(tree, '/redfish/v1/Managers', {
    HGX_BMC_0: { ManagerType: 'BMC', FirmwareVersion: 'HGX-22.10-1-rc44', Status: enabled },
    BMC: {
      ManagerType: 'BMC',
      UUID: bmc.uuid,
      Model: 'OpenBmc',
      FirmwareVersion: '24.01.05',
      EthernetInterfaces: link(`${managerPath}/EthernetInterfaces`),
      VirtualMedia: link(`${managerPath}/VirtualMedia`),
      Status: enabled,
    },
  });
  collection(tree, `${managerPath}/EthernetInterfaces`, {
    bond0: { MACAddress: bmc.mac, IPv4Addresses: [{ Address: bmc.ip }] },
  });
  addMedia(tree, `${managerPath}/VirtualMedia`, ['CD1'], state);
  tree.set('/redfish/v1/UpdateService', {
    '@odata.id': '/redfish/v1/UpdateService',
    FirmwareInventory: link('/redfish/v1/UpdateService/FirmwareInventory'),
  });
  collection(tree, '/redfish/v1/UpdateService/FirmwareInventory', {
    HostBIOS_0: { Name: 'Software Inventory', Version: '1.1.3', Status: enabled },
    HostBMC_0: { Name: 'Software Inventory', Version: '24.01.05', Status: enabled },
    HGX_FW_BMC_0: { Name: 'Software Inventory', Version: 'HGX-22.10-1-rc44', Status: enabled },
  });
}
