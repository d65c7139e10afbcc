import { startAlertmanager, sendAlerts } from './test/support/alertmanager.ts';
import { startAlertReceiver } from './test/support/alert-receiver.ts';
import { renderAlertmanager } from './alertmanager/render.ts';
const r = await startAlertReceiver();
const times: Record<string, number[]> = {};
const cfg = (gi: string, rep: string, path: string) => ({ receiver: path, matchers: [`a="${path}"`], group_wait: '0s', group_interval: gi, repeat_interval: rep });
const am = await startAlertmanager({ config: { route: { receiver: 'x', routes: [cfg('1s','4s','x'), cfg('5s','5s','y')] }, receivers: ['x','y'].map(name => ({ name, webhook_configs: [{ url: r.url + '/' + name }] })) } });
const t0 = Date.now();
await sendAlerts(am.url, [{ labels: { a: 'x' } }, { labels: { a: 'y' } }]);
let n = 0;
while (Date.now() - t0 < 27000) { await new Promise(f => setTimeout(f, 50)); for (; n < r.deliveries.length; n++) (times[r.deliveries[n]!.path] ??= []).push(Math.round((Date.now() - t0) / 100) / 10); }
console.log(times); await am.stop();
const am2 = await startAlertmanager({ config: renderAlertmanager({ receivers: { default: [{ slack: { api_url_file: '/tmp/nope' } }] }, intervals: { group_wait: '0s' } }, { templatesDir: '/nonexistent' }) });
await sendAlerts(am2.url, [{ labels: { a: 'x' } }]); await new Promise(f => setTimeout(f, 2000)); console.log(am2.log().split('\n').slice(-4)); await am2.stop(); await r.stop();
