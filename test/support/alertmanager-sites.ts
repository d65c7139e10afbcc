import type { Site } from '../../alertmanager/site.ts';

const hook = { webhook: { url: 'http://127.0.0.1:9/' } } as const;
const pager = { webhook: { url: 'http://127.0.0.1:9/', severities: ['critical'] } } as const;
const paper = { webhook: { url: 'http://127.0.0.1:9/', severities: ['warning', 'info'] } } as const;

/** Sites that differ in everything that decides who is told. */
export const representativeSites = {
  'nobody but the default': { receivers: { default: [hook] } },
  'a team of each kind': {
    receivers: { default: [hook], sre: [hook, pager], workload: [hook], observability: [pager], dead_man: [hook] },
  },
  'tenants beside the default': {
    receivers: { default: [hook] },
    tenants: { search: { channels: [hook] }, ads: { channels: [hook, pager], team_too: true } },
  },
  'domains, tenants, quiet hours and digests': {
    receivers: { default: [hook], sre: [hook, pager], workload: [hook], finance: [hook, paper] },
    domains: { sre: { cmdb: [hook], inference: [hook, pager] }, observability: { billing: [hook] } },
    tenants: {
      search: { channels: [hook, pager], quiet_hours: { only_in: ['berlin'] } },
      ads: { channels: [hook], team_too: true },
    },
    time_intervals: {
      berlin: [{ weekdays: ['monday:friday'], times: ['09:00-18:00'], location: 'Europe/Berlin' }],
      shanghai: [{ weekdays: ['monday:friday'], times: ['09:00-18:00'], location: 'Asia/Shanghai' }],
      move: [{ days_of_month: ['1:3'], months: ['march'], years: ['2027'], location: 'UTC' }],
    },
    quiet_hours: { default: { only_in: ['berlin', 'shanghai'] }, sre: { only_in: ['shanghai'], never_in: ['move'] } },
    digests: { cmdb: { every: '12h' }, gpu: { every: '1d', severities: ['info'] } },
    mute: [],
  },
} as const satisfies Readonly<Record<string, Site>>;
