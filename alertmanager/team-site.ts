import { teams } from '../rules/alert.ts';
import type { Site } from './site.ts';

const hook = [{ webhook: { url: 'http://127.0.0.1/' } }];

/** Every team has a channel of its own, named after it, and hears of everything: what a site comes from, for the reference and for questions without a site. */
export const teamSite: Site = {
  receivers: Object.assign({ default: hook, dead_man: hook }, ...teams.map((team) => ({ [team]: hook }))),
  mute: [],
};
