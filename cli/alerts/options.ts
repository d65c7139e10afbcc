import type { OptionTable } from '../../kit/options/define.ts';
import { reportOptions } from './report/options.ts';
import { routeOptions } from './route/options.ts';

/** The options of every command that begins with `fleetlens alerts`. */
export const alertsCommandTables: readonly OptionTable[] = [reportOptions, routeOptions];
