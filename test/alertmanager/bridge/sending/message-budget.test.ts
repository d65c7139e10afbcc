import { createMessageBudget } from '../../../../alertmanager/bridge/sending/message-budget.ts';
import { windowOf } from '../../../support/robots/robot-server.ts';

test.each([
  { name: 'DingTalk and WeCom', messages: 20, seconds: 60 },
  { name: 'Feishu', messages: 100, seconds: 60 },
  { name: 'a call', messages: 1, seconds: 60 },
  { name: 'two', messages: 2, seconds: 1 },
])('of $name: no stretch of time holds more than the limit, after a quiet hour and in between', (limit) => {
  let now = 0;
  const budget = createMessageBudget(limit, () => now);
  const within = windowOf(limit.messages, limit.seconds, () => now * 1000);
  let sent = 0;
  const run = (seconds: number): void => {
    for (const until = now + seconds; now < until; now += limit.seconds / 1000) {
      if (budget.secondsUntil(1) > 0) continue;
      budget.spend();
      sent++;
      expect(within()).toBe(true);
    }
  };
  run(5 * limit.seconds);
  now += 3600;
  run(5 * limit.seconds);
  now += limit.seconds / 3;
  run(5 * limit.seconds);
  // It makes use of what it may, too.
  expect(sent).toBeGreaterThanOrEqual(Math.floor((15 * limit.messages) / 3));
});
