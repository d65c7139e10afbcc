/** Data sheet and limits of the simulated board; figures of an H100 SXM5 80 GB. */
export const board = {
  model: 'NVIDIA H100 80GB HBM3',
  vbios: '96.00.89.00.01',
  memoryBytes: 85_520_809_984,
  reservedBytes: 580_583_424,
  idleWatts: 72,
  limitWatts: 700,
  minLimitWatts: 200,
  inletCelsius: 27,
  /** Kelvin per watt: 700 W settle about 40 K above the air that comes in. */
  kelvinPerWatt: 0.055,
  slowdownCelsius: 87,
  shutdownCelsius: 92,
  memoryMaxCelsius: 95,
  smHertz: 1_980e6,
  idleSmHertz: 345e6,
  memoryHertz: 2_619e6,
  nvlinks: 18,
  /** Payload that all links together carry in one direction. */
  nvlinkBytesPerSecond: 450e9,
  pcieBytesPerSecond: 63e9,
  /** Memory banks with spare rows. */
  banks: 2_560,
} as const;
