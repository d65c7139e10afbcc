import { closeFakeSessions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

test('counts the payload of each link in bytes', () => {
  const { session } = openFakeSession(['count=1', 'all.nvlinks=3', 'all.nvlink_tx_kib=100', 'all.nvlink_rx_kib=200']);
  const [gpu] = session.collect().gpus;
  expect(gpu?.traffic?.nvlinks).toEqual([
    { link: 0, transmitBytes: 100 * 1024, receiveBytes: 200 * 1024 },
    { link: 1, transmitBytes: 101 * 1024, receiveBytes: 201 * 1024 },
    { link: 2, transmitBytes: 102 * 1024, receiveBytes: 202 * 1024 },
  ]);
  expect(gpu?.errors).toEqual({});
});

test.each([18, 36])('shows all of %i links and none beyond', (nvlinks) => {
  const { session } = openFakeSession(['count=1', `all.nvlinks=${nvlinks}`]);
  session.collect();
  const links = session.collect().gpus[0]?.traffic?.nvlinks.map(({ link }) => link);
  expect(links).toEqual([...Array(nvlinks).keys()]);
});

test('falls back to the sum of the links only where no link answers for itself', () => {
  const { session } = openFakeSession([
    'count=1',
    'all.nvlinks=2',
    'all.nvlink_tx_kib=100',
    'all.nvlink_rx_kib=200',
    'unsupported=nvlink_bytes_each',
  ]);
  expect(session.collect().gpus[0]?.traffic?.nvlinks).toEqual([
    { link: 'all', transmitBytes: 201 * 1024, receiveBytes: 401 * 1024 },
  ]);
});

test('links that fail for a moment are not replaced by their sum, so that no series comes for one reading', () => {
  const { session } = openFakeSession(['count=1', 'gpu.0.field.138=10', 'gpu.0.field.139=10']);
  const [gpu] = session.collect().gpus;
  expect(gpu?.traffic?.nvlinks).toEqual([]);
  expect(gpu?.errors).toEqual({ traffic: 'timeout' });
});

test('a GPU without NVLink has its PCIe counters alone', () => {
  const { session } = openFakeSession([
    'count=1',
    'unsupported=nvlink',
    'all.pcie_tx_bytes=1000',
    'all.pcie_rx_bytes=2000',
  ]);
  const [gpu] = session.collect().gpus;
  expect(gpu?.traffic).toEqual({ pcieTransmitBytes: 0, pcieReceiveBytes: 0, nvlinks: [] });
  expect(gpu?.errors).toEqual({});
});

test('a GPU without any counter has no such family', () => {
  const lines = ['count=1', 'unsupported=nvlink', 'unsupported=pcie_bytes'] as const;
  expect(openFakeSession(lines).session.collect().gpus[0]?.traffic).toBeUndefined();
});

test('the PCIe counters go on where those of the driver start again at 0', () => {
  const { session, setState } = openFakeSession(['count=1', 'all.pcie_tx_bytes=4294967000', 'all.pcie_rx_bytes=10']);
  session.collect();
  setState(['count=1', 'all.pcie_tx_bytes=500', 'all.pcie_rx_bytes=20']);
  expect(session.collect().gpus[0]?.traffic).toMatchObject({
    pcieTransmitBytes: 796,
    pcieReceiveBytes: 10,
  });
});

test('links are asked for in later batches only if they exist', () => {
  const sizes: unknown[] = [];
  const { session } = openFakeSession(['count=1', 'all.nvlinks=4'], {
    intercept: (symbol, _announced, args) => {
      if (symbol === 'nvmlDeviceGetFieldValues') sizes.push(args[1]);
    },
  });
  session.collect();
  session.collect({ tiers: ['fast'], skip: [] });
  const [first, , later] = sizes.map(Number);
  // Transmit and receive of the 32 links that this GPU does not have.
  expect((first ?? 0) - (later ?? 0)).toBe(64);
});

test('the PCIe counters start at 0 again after the GPU was away, so that what it counted before is not taken for new', () => {
  const { session, setState } = openFakeSession(['count=1', 'all.pcie_tx_bytes=4000000000']);
  session.collect();
  setState(['count=1', 'gpu.0=lost']);
  session.collect();
  setState(['count=1', 'all.pcie_tx_bytes=4000000500']);
  expect(session.collect().gpus[0]?.traffic?.pcieTransmitBytes).toBe(0);
  setState(['count=1', 'all.pcie_tx_bytes=4000000700']);
  expect(session.collect().gpus[0]?.traffic?.pcieTransmitBytes).toBe(200);
});

describe('links that told their bytes once', () => {
  const lines = ['count=1', 'all.nvlinks=2', 'all.nvlink_tx_kib=100', 'all.nvlink_rx_kib=200'] as const;
  const healthy = [
    { link: 0, transmitBytes: 100 * 1024, receiveBytes: 200 * 1024 },
    { link: 1, transmitBytes: 101 * 1024, receiveBytes: 201 * 1024 },
  ];

  test.each([10, 3])('stay without a value when one fails with the code %i, so that the sum does not drop', (code) => {
    const { session, setState } = openFakeSession(lines);
    const read = () => session.collect().gpus[0]?.traffic?.nvlinks;
    expect(read()).toEqual(healthy);
    setState([...lines, `gpu.0.field.138.1=${code}`, `gpu.0.field.139.1=${code}`]);
    expect(read()).toEqual([healthy[0], { link: 1 }]);
  });

  test('stay when all of them are turned down, and their sum does not come in', () => {
    const { session, setState } = openFakeSession(lines);
    session.collect();
    setState([...lines, 'unsupported=nvlink_bytes_each']);
    expect(session.collect().gpus[0]?.traffic?.nvlinks).toEqual([{ link: 0 }, { link: 1 }]);
  });
});

test('a link that comes after the start is shown within 120 readings', () => {
  const lines = ['count=1', 'all.nvlinks=2'] as const;
  const { session, setState } = openFakeSession([...lines, 'gpu.0.field.138.1=3', 'gpu.0.field.139.1=3']);
  const links = () => session.collect({ tiers: ['fast'], skip: [] }).gpus[0]?.traffic?.nvlinks.map(({ link }) => link);
  expect(links()).toEqual([0]);
  setState(lines);
  expect(links()).toEqual([0]);
  for (let reading = 3; reading <= 120; reading += 1) links();
  expect(links()).toEqual([0, 1]);
});
