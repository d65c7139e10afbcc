import { SetupError } from './project.mjs';

/** Refuses a Node.js that the packages do not run on. */
export function checkNodeVersion(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(
    `FleetLens needs Node.js 20.19 or newer; this is ${version}. Install Node.js 20, 22 or 24 (https://nodejs.org/) and run this again.`,
  );
}
