import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inSetupScript } from '../support/setup-script.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-packages-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const otherPlatform = process.platform === 'darwin' ? 'linux' : 'darwin';
const project = { name: 'project', version: '1.0.0' };
const chalk = { version: '5.0.0', integrity: 'sha512-a' };
const native = { version: '1.0.0', integrity: 'sha512-b', optional: true, os: [otherPlatform] };

function agrees(wanted: Readonly<Record<string, object>>, installed?: Readonly<Record<string, object>>) {
  const lock = { lockfileVersion: 3, packages: { '': project, ...wanted } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  if (installed !== undefined) {
    mkdirSync(join(folder, 'node_modules'));
    const file = join(folder, 'node_modules', '.package-lock.json');
    writeFileSync(file, JSON.stringify({ lockfileVersion: 3, packages: installed }));
  }
  return inSetupScript('npm-lock', 'module.installedAgrees(args)', folder);
}

test('packages that npm installed itself are not installed again', async () => {
  expect(await agrees({ 'node_modules/chalk': chalk }, { 'node_modules/chalk': chalk })).toBe(true);
});

test('nothing is installed', async () => {
  expect(await agrees({ 'node_modules/chalk': chalk })).toBe(false);
});

test('another version is installed', async () => {
  const older = { ...chalk, version: '4.0.0' };
  expect(await agrees({ 'node_modules/chalk': chalk }, { 'node_modules/chalk': older })).toBe(false);
});

test('a package is missing', async () => {
  expect(await agrees({ 'node_modules/chalk': chalk, 'node_modules/ink': chalk }, { 'node_modules/ink': chalk })).toBe(
    false,
  );
});

test('a package is left over', async () => {
  expect(await agrees({}, { 'node_modules/chalk': chalk })).toBe(false);
});

test('packages for other platforms may be missing', async () => {
  const wanted = { 'node_modules/chalk': chalk, 'node_modules/native': native };
  expect(await agrees(wanted, { 'node_modules/chalk': chalk })).toBe(true);
});

test('what only a package for another platform needs may be missing', async () => {
  const wanted = { 'node_modules/native': native, 'node_modules/needed-by-native': { ...chalk, optional: true } };
  expect(await agrees(wanted, {})).toBe(true);
});

test('the package for this platform may not be missing', async () => {
  expect(await agrees({ 'node_modules/native': { ...native, os: [process.platform] } }, {})).toBe(false);
});

test('what npm has installed in this checkout agrees with its lock file', async () => {
  expect(await inSetupScript('npm-lock', 'module.installedAgrees(args)', process.cwd())).toBe(true);
});

test('packages of another platform mean that the folder came from there', async () => {
  const wanted = { 'node_modules/native': native };
  expect(await agrees(wanted, { 'node_modules/native': native })).toBe(false);
});

test.each(['20.19.0', '20.20.2', '22.1.0', '24.0.0'])('Node.js %s will do', async (version) => {
  expect(await inSetupScript('node-version', 'module.checkNodeVersion(args)', version)).toBeNull();
});

test.each(['18.20.8', '20.18.3', '16.0.0'])('Node.js %s is refused', async (version) => {
  const attempt = '(async () => module.checkNodeVersion(args))().catch((error) => error.message)';
  expect(await inSetupScript('node-version', attempt, version)).toMatch(
    `FleetLens needs Node.js 20.19 or newer; this is ${version}.`,
  );
});
