import { closeFakeSessions, openFakeSession, removeFakeState } from '../fake-session.ts';

afterEach(closeFakeSessions);
afterAll(removeFakeState);

const bareMetal = 'all.virtualization=0';
const passthrough = 'all.virtualization=1';
const guest = 'all.virtualization=2';

test.each([0, 1])('a vGPU says whether it has its licence: %i', (licensed) => {
  const { session } = openFakeSession(['count=1', guest, 'all.licence_supported=1', `all.licensed=${licensed}`]);
  expect(session.collect().gpus[0]?.vgpu).toEqual({ licensed: licensed === 1 });
});

test('a GPU on bare metal needs no licence and is not asked for one', () => {
  const { session, calls } = openFakeSession(['count=1', bareMetal, 'all.licence_supported=1', 'all.licensed=1']);
  expect(session.collect().gpus[0]?.vgpu).toBeUndefined();
  expect(calls.has('nvmlDeviceGetGridLicensableFeatures_v4')).toBe(false);
});

test('a GPU that was passed through needs a licence only if a licensed feature is switched on', () => {
  const { session, setState } = openFakeSession(['count=1', passthrough, 'all.licence_supported=1']);
  expect(session.collect().gpus[0]?.vgpu).toBeUndefined();
  setState(['count=1', passthrough, 'all.licence_supported=1', 'all.licence_enabled=1']);
  expect(session.collect().gpus[0]?.vgpu).toEqual({ licensed: false });
});

test('a system without licensing has no such family', () => {
  const [gpu] = openFakeSession(['count=1', guest, 'all.licensed=1']).session.collect().gpus;
  expect(gpu?.vgpu).toBeUndefined();
  expect(gpu?.errors).toEqual({});
});

test('a count of features beyond the struct is not followed', () => {
  const { session } = openFakeSession(['count=1', guest, 'all.licence_supported=1', 'all.licence_features=4000000000']);
  expect(session.collect().gpus[0]).toMatchObject({ vgpu: { licensed: false }, errors: {} });
});
