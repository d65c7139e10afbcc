import { closeFakeSessions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

const noDataLinkFields = 'unsupported=nvlink_errors_each';

test('reads state and errors of each link from the fields that Hopper has for it', () => {
  const { session, calls } = openFakeSession([
    'count=1',
    'all.nvlinks=2',
    'all.nvlink_replays=10',
    'all.nvlink_recoveries=20',
    'all.nvlink_crc_flit=30',
    'all.nvlink_crc_data=40',
  ]);
  const [gpu] = session.collect().gpus;
  expect(gpu?.nvlink?.links).toEqual([
    { link: 0, up: true, replays: 10, recoveries: 20, crcFlitErrors: 30, crcDataErrors: 40 },
    { link: 1, up: true, replays: 11, recoveries: 21, crcFlitErrors: 31, crcDataErrors: 41 },
  ]);
  expect(gpu?.errors).toEqual({});
  // Only the CRC errors of data have no field for single links.
  expect(calls.get('nvmlDeviceGetNvLinkErrorCounter')).toBe(2);
});

test('a link that is there and inactive is down, one that is not there is not shown', () => {
  const { session } = openFakeSession(['count=1', 'all.nvlinks=4', 'all.nvlinks_down=0x4']);
  const links = session.collect().gpus[0]?.nvlink?.links;
  expect(links?.map(({ link, up }) => [link, up])).toEqual([
    [0, true],
    [1, true],
    [2, false],
    [3, true],
  ]);
});

test('functions stand in for fields that are older than the GPU or its driver', () => {
  const { session } = openFakeSession([
    'count=1',
    'all.nvlinks=2',
    'all.nvlink_replays=10',
    'all.nvlink_recoveries=20',
    'all.nvlink_crc_flit=30',
    'all.nvlinks_down=0x2',
    'unsupported=nvlink_state_each',
    noDataLinkFields,
  ]);
  const [gpu] = session.collect().gpus;
  expect(gpu?.nvlink?.links).toEqual([
    { link: 0, up: true, replays: 10, recoveries: 20, crcFlitErrors: 30, crcDataErrors: 0 },
    { link: 1, up: false },
  ]);
  expect(gpu?.errors).toEqual({});
});

test('a link that comes up later has its errors read then', () => {
  const { session, setState } = openFakeSession(['count=1', 'all.nvlinks=1', 'all.nvlinks_down=1', noDataLinkFields]);
  expect(session.collect().gpus[0]?.nvlink?.links).toEqual([{ link: 0, up: false }]);
  setState(['count=1', 'all.nvlinks=1', 'all.nvlink_replays=7', noDataLinkFields]);
  expect(session.collect().gpus[0]?.nvlink?.links).toMatchObject([{ link: 0, up: true, replays: 7 }]);
});

test('the totals of the GPU stand in where no link tells its errors', () => {
  const lines = [
    'count=1',
    'all.nvlinks=2',
    'all.nvlink_replays=10',
    'all.nvlink_recoveries=20',
    'all.nvlink_crc_flit=30',
    'all.nvlink_crc_data=40',
    'unsupported=nvmlDeviceGetNvLinkErrorCounter',
    noDataLinkFields,
  ] as const;
  expect(openFakeSession(lines).session.collect().gpus[0]?.nvlink?.links).toEqual([
    { link: 0, up: true },
    { link: 1, up: true },
    { link: 'all', replays: 21, recoveries: 41, crcFlitErrors: 61, crcDataErrors: 81 },
  ]);
});

test.each([
  ['down', 'all.nvlinks_down=0x1'],
  ['failing', 'error.nvmlDeviceGetNvLinkErrorCounter=10'],
] as const)('the totals do not come in while links that told their errors are %s', (_, line) => {
  const lines = ['count=1', 'all.nvlinks=1', noDataLinkFields] as const;
  const { session, setState } = openFakeSession(lines);
  session.collect();
  setState([...lines, line]);
  expect(session.collect().gpus[0]?.nvlink?.links.map(({ link }) => link)).toEqual([0]);
});

test('a GPU that has links and counts none of these errors shows the links alone', () => {
  const { session } = openFakeSession([
    'count=1',
    'all.nvlinks=1',
    'unsupported=nvmlDeviceGetNvLinkErrorCounter',
    'unsupported=nvlink_errors_sum',
    noDataLinkFields,
  ]);
  const [gpu] = session.collect().gpus;
  expect(gpu?.nvlink?.links).toEqual([{ link: 0, up: true }]);
  expect(gpu?.errors).toEqual({});
});

test('a GPU without NVLink has no such family, and its links are not asked for again', () => {
  const { session, calls } = openFakeSession(['count=1', 'unsupported=nvlink']);
  session.collect();
  const [gpu] = session.collect().gpus;
  expect(gpu?.nvlink).toBeUndefined();
  expect(gpu?.errors).toEqual({});
  expect(calls.get('nvmlDeviceGetNvLinkState')).toBe(36);
});

test('a link whose state fails is an error, not a link that is down', () => {
  const { session } = openFakeSession(['count=1', 'all.nvlinks=2', 'gpu.0.field.165=10']);
  const [gpu] = session.collect().gpus;
  expect(gpu?.nvlink).toBeUndefined();
  expect(gpu?.errors).toEqual({ nvlink: 'timeout' });
});

test.each([10, 3])(
  'a link that told its state once stays when that fails with the code %i, so that no sum drops',
  (code) => {
    const lines = ['count=1', 'all.nvlinks=2', 'unsupported=nvmlDeviceGetNvLinkState'] as const;
    const { session, setState } = openFakeSession(lines);
    session.collect();
    setState([...lines, `gpu.0.field.165.1=${code}`]);
    expect(session.collect().gpus[0]?.nvlink?.links).toEqual([
      { link: 0, up: true, replays: 0, recoveries: 0, crcFlitErrors: 0, crcDataErrors: 0 },
      { link: 1 },
    ]);
  },
);

test('a link that comes after the start is shown within 10 readings', () => {
  const lines = ['count=1', 'all.nvlinks=2'] as const;
  const { session, setState } = openFakeSession([
    ...lines,
    'gpu.0.field.165.1=3',
    'unsupported=nvmlDeviceGetNvLinkState',
  ]);
  const links = () => session.collect().gpus[0]?.nvlink?.links.map(({ link }) => link);
  expect(links()).toEqual([0]);
  setState(lines);
  for (let reading = 2; reading <= 10; reading += 1) links();
  expect(links()).toEqual([0, 1]);
});

test('a link that no field tells of is asked for again after 20 readings', () => {
  const lines = ['count=1', 'unsupported=nvlink_state_each'] as const;
  const { session, setState, calls } = openFakeSession([...lines, 'all.nvlinks=1']);
  const links = () => session.collect().gpus[0]?.nvlink?.links.map(({ link }) => link);
  expect(links()).toEqual([0]);
  setState([...lines, 'all.nvlinks=2']);
  for (let reading = 2; reading <= 21; reading += 1) links();
  // Every time for the link that is there, once for the others.
  expect(calls.get('nvmlDeviceGetNvLinkState')).toBe(21 + 35);
  expect(links()).toEqual([0, 1]);
});
