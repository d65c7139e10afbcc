// `node scripts/find-tool.mjs promtool` prints where the program is, or exits with 1.
import { findPackage, packages } from './setup/find-tool.mjs';

const program = process.argv[2] ?? '';
const owner = Object.keys(packages).find((name) => program in packages[name].programs);
const path = owner === undefined ? undefined : findPackage(owner)?.[program];
if (path === undefined) process.exitCode = 1;
else process.stdout.write(`${path}\n`);
