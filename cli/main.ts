#!/usr/bin/env node
import { main } from './commands.ts';

// All output is written by now: on Linux pipes, files and terminals are written to at once. What is still open, such as a connection that
// was never finished or a process that sleeps in a driver, must not keep us.
process.exit(await main(process.argv.slice(2)));
