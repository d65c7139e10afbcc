import type { Language } from '../message.ts';

/** The page behind an acknowledgement link: plain HTML without scripts, so that a preview of a chat program or a scanner does nothing by opening it. */

const words = {
  en: {
    title: 'Acknowledge alerts',
    about: 'You are about to silence every alert with all of these labels:',
    already: (until: string, who: string) => `Silenced already until ${until} by ${who}.`,
    who: 'Your name',
    comment: 'What you do about it',
    duration: 'Be quiet for',
    submit: 'Silence',
    done: (until: string) => `Silenced until ${until}. Alertmanager tells nobody of these alerts until then.`,
    wrongTitle: 'This link does not work',
    wrong:
      'The link is damaged or was made with another key. Open the alert in Alertmanager, or wait for its next message.',
    expired: 'The link is too old. Open the alert in Alertmanager, or wait for its next message.',
    failed: 'Alertmanager did not take the silence. Try again, or silence the alert in Alertmanager itself.',
    incomplete: 'Choose a duration and give your name.',
    units: { d: ['day', 'days'], h: ['hour', 'hours'], m: ['minute', 'minutes'] },
  },
  zh: {
    title: '确认告警',
    about: '将静默所有带有以下全部标签的告警：',
    already: (until: string, who: string) => `已由 ${who} 静默至 ${until}。`,
    who: '您的姓名',
    comment: '处理说明',
    duration: '静默时长',
    submit: '静默',
    done: (until: string) => `已静默至 ${until}。在此之前 Alertmanager 不再通知这些告警。`,
    wrongTitle: '此链接无效',
    wrong: '链接已损坏，或由其他密钥签发。请在 Alertmanager 中打开该告警，或等待下一条消息。',
    expired: '链接已过期。请在 Alertmanager 中打开该告警，或等待下一条消息。',
    failed: 'Alertmanager 未接受静默。请重试，或直接在 Alertmanager 中静默。',
    incomplete: '请选择时长并填写姓名。',
    units: { d: ['天', '天'], h: ['小时', '小时'], m: ['分钟', '分钟'] },
  },
} as const;

export interface AskPage {
  readonly language: Language;
  readonly token: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly durations: readonly number[];
  readonly existing: { readonly until: string; readonly by: string } | undefined;
  /** What was wrong with the form that came before. */
  readonly isIncomplete?: boolean;
}

export function askPage({ language, token, labels, durations, existing, isIncomplete = false }: AskPage): string {
  const text = words[language];
  const rows = Object.entries(labels).map(([name, value]) => `<tr><th>${escaped(name)}<td>${escaped(value)}`);
  const choices = durations.map(
    (seconds, index) =>
      `<label class="choice"><input type="radio" name="seconds" value="${seconds}"${index === 0 ? ' checked' : ''}> ${durationText(seconds, language)}</label>`,
  );
  return page(
    language,
    text.title,
    `${isIncomplete ? `<p class="note">${text.incomplete}</p>` : ''}
${existing === undefined ? '' : `<p class="note">${escaped(text.already(existing.until, existing.by))}</p>`}
<p>${text.about}</p>
<table>${rows.join('')}</table>
<form method="post" action="?">
<input type="hidden" name="token" value="${escaped(token)}">
<fieldset><legend>${text.duration}</legend>${choices.join('')}</fieldset>
<label>${text.who}<input name="who" required maxlength="100" autocomplete="name"></label>
<label>${text.comment}<input name="comment" maxlength="300"></label>
<button>${text.submit}</button>
</form>`,
  );
}

export function donePage(language: Language, until: string): string {
  return page(language, words[language].title, `<p class="note">${escaped(words[language].done(until))}</p>`);
}

export function faultPage(language: Language, fault: 'wrong' | 'expired' | 'failed'): string {
  const text = words[language];
  return page(language, fault === 'failed' ? text.title : text.wrongTitle, `<p class="note">${text[fault]}</p>`);
}

function durationText(seconds: number, language: Language): string {
  const { units } = words[language];
  const [unit, size] =
    seconds % 86_400 === 0
      ? (['d', 86_400] as const)
      : seconds % 3600 === 0
        ? (['h', 3600] as const)
        : (['m', 60] as const);
  const count = Math.round(seconds / size);
  return `${count} ${units[unit][count === 1 ? 0 : 1]}`;
}

/** For the header Content-Security-Policy: nothing but the style in the page itself. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

function page(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
* { box-sizing: border-box } body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 0 auto; padding: 1.2rem 1rem 3rem; color: #1f2933; background: #fff }
h1 { font-size: 1.4rem; margin: 0 0 .8rem } table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: 0 0 1rem }
th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid #d9e2ec; overflow-wrap: anywhere; vertical-align: top } th { width: 38%; font-weight: 600 }
fieldset { border: 0; padding: 0; margin: 0 0 1rem } legend { padding: 0; font-weight: 600 } label { display: block; margin: 0 0 1rem; font-weight: 600 }
.choice { font-weight: 400; margin: 0; padding: .55rem 0; min-height: 44px } .choice input { width: 1.2rem; height: 1.2rem; margin-right: .5rem; vertical-align: -0.2rem }
input:not([type=radio]) { display: block; width: 100%; font: inherit; padding: .6rem; border: 1px solid #8796a5; border-radius: 4px; background: #fff; color: inherit }
button { font: inherit; font-weight: 600; width: 100%; padding: .8rem; border: 0; border-radius: 4px; background: #0b5fa5; color: #fff }
.note { padding: .7rem .9rem; border-left: 4px solid #0b5fa5; background: #eef4fa; overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) { body, input:not([type=radio]) { color: #e4e7eb; background: #16191d } th, td { border-color: #323f4b } .note { background: #1f2933 } }
</style>
<h1>${title}</h1>
${body}
</html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
