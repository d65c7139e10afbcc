import type { Language } from '../message.ts';

/** The words of the page behind an acknowledgement link, in one language. */
export interface PageTexts {
  readonly title: string;
  readonly about: string;
  readonly aboutGroups: string;
  readonly allGroups: (count: number) => string;
  readonly moreGroups: (count: number) => string;
  readonly meaning: string;
  readonly already: (until: string, who: string) => string;
  readonly unknown: string;
  readonly duration: string;
  readonly who: string;
  readonly whoHint: string;
  readonly comment: string;
  readonly submit: string;
  readonly incomplete: string;
  readonly incompleteGroups: string;
  readonly doneTitle: string;
  readonly done: (duration: string, until: string, who: string) => string;
  readonly next: string;
  readonly failedTitle: string;
  readonly failed: string;
  readonly partly: (taken: number, wanted: number) => string;
  readonly again: string;
  readonly wrongTitle: string;
  readonly wrong: string;
  readonly expiredTitle: string;
  readonly expired: string;
  readonly units: { readonly d: readonly string[]; readonly h: readonly string[]; readonly m: readonly string[] };
}

const english: PageTexts = {
  title: 'Acknowledge alerts',
  about: 'You are about to silence every alert with all of these labels:',
  aboutGroups: 'Choose what to silence. Each line stands for every alert with all of its labels.',
  allGroups: (count) => `All ${count} of them`,
  moreGroups: (count) =>
    `${count === 1 ? 'One more group of the message has' : `${count} more groups of the message have`} no room in this link. Silence them in Alertmanager.`,
  meaning: 'Nobody is told of these alerts for that time. What still fires afterwards is told again.',
  already: (until, who) => `Silenced already until ${until} by ${who}.`,
  unknown: 'Alertmanager does not answer, so what is silenced already is not known. Silencing may fail too.',
  duration: 'Silence for',
  who: 'Your name',
  whoHint: 'Shown beside the silence in Alertmanager.',
  comment: 'What you do about it (optional)',
  submit: 'Silence',
  incomplete: 'Choose a time and give your name.',
  incompleteGroups: 'Choose at least one line and a time, and give your name.',
  doneTitle: 'Silenced',
  done: (duration, until, who) => `Silenced for ${duration}, until ${until}, by ${who}.`,
  next: 'Nobody is told of these alerts until then. What still fires afterwards is told again. To end it earlier, expire the silence in Alertmanager.',
  failedTitle: 'Not silenced',
  failed: 'Alertmanager did not take the silence. Try again, or silence the alerts in Alertmanager itself.',
  partly: (taken, wanted) =>
    `Alertmanager took ${taken} of ${wanted} silences. Try again for the others, or silence them in Alertmanager itself.`,
  again: 'Try again',
  wrongTitle: 'This link does not work',
  wrong:
    'The link is damaged or was made with another key. Open the alert in Alertmanager, or wait for its next message.',
  expiredTitle: 'This link is too old',
  expired: 'Open the alert in Alertmanager, or wait for its next message, which has a new link.',
  units: { d: ['day', 'days'], h: ['hour', 'hours'], m: ['minute', 'minutes'] },
};

const chinese: PageTexts = {
  title: '确认告警',
  about: '将静默所有带有以下全部标签的告警：',
  aboutGroups: '请选择要静默的告警。每一行代表带有该行全部标签的所有告警。',
  allGroups: (count) => `全部 ${count} 组`,
  moreGroups: (count) => `该消息中另有 ${count} 组告警未能放入此链接，请在 Alertmanager 中静默。`,
  meaning: '静默期间不再通知这些告警；到期后仍在触发的告警会再次通知。',
  already: (until, who) => `已由 ${who} 静默至 ${until}。`,
  unknown: 'Alertmanager 无响应，无法得知哪些告警已静默；静默操作也可能失败。',
  duration: '静默时长',
  who: '您的姓名',
  whoHint: '显示在 Alertmanager 的静默记录中。',
  comment: '处理说明（可不填）',
  submit: '静默',
  incomplete: '请选择时长并填写姓名。',
  incompleteGroups: '请至少选择一行，并选择时长、填写姓名。',
  doneTitle: '已静默',
  done: (duration, until, who) => `已由 ${who} 静默 ${duration}，至 ${until}。`,
  next: '在此之前不再通知这些告警；到期后仍在触发的告警会再次通知。如需提前结束，请在 Alertmanager 中使该静默失效。',
  failedTitle: '静默失败',
  failed: 'Alertmanager 未接受静默。请重试，或直接在 Alertmanager 中静默。',
  partly: (taken, wanted) =>
    `Alertmanager 接受了 ${wanted} 个静默中的 ${taken} 个。其余请重试，或直接在 Alertmanager 中静默。`,
  again: '重试',
  wrongTitle: '此链接无效',
  wrong: '链接已损坏，或由其他密钥签发。请在 Alertmanager 中打开该告警，或等待下一条消息。',
  expiredTitle: '此链接已过期',
  expired: '请在 Alertmanager 中打开该告警，或等待下一条消息中的新链接。',
  units: { d: ['天', '天'], h: ['小时', '小时'], m: ['分钟', '分钟'] },
};

export const pageTexts: Readonly<Record<Language, PageTexts>> = { en: english, zh: chinese };
