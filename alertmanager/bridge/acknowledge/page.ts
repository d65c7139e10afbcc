import { cleanText } from '../letter/clean-text.ts';
import type { Language } from '../message.ts';
import type { AcknowledgeClaim, Labels } from './link.ts';
import { escaped, pageFrame } from './page-frame.ts';
import { type PageTexts, pageTexts } from './page-texts.ts';

/** A silence that is there already. */
export interface ExistingSilence {
  readonly until: string;
  readonly by: string;
}

/** What somebody filled in. */
export interface AcknowledgeForm {
  /** Places of the groups in the claim. */
  readonly groups: readonly number[];
  readonly seconds: number;
  readonly who: string;
  readonly comment: string;
}

export interface AskPage {
  readonly claim: AcknowledgeClaim;
  readonly token: string;
  /** Seconds to choose from. */
  readonly durations: readonly number[];
  /** For each group; undefined where Alertmanager does not say. */
  readonly existing: readonly (ExistingSilence | undefined)[] | undefined;
  /** What came before and lacked something. */
  readonly incomplete?: AcknowledgeForm | undefined;
}

/** Asks for how long and by whom; where there are several groups, for which of them. */
export function askPage({ claim, token, durations, existing, incomplete }: AskPage): string {
  const text = pageTexts[claim.language];
  const isOne = claim.groups.length === 1 && claim.more === 0;
  const form = incomplete ?? { groups: [], seconds: durations[0] ?? 0, who: '', comment: '' };
  const missing = isOne ? text.incomplete : text.incompleteGroups;
  return pageFrame(
    claim.language,
    text.title,
    `${incomplete === undefined ? '' : note(missing, 'warning')}
${existing === undefined ? note(text.unknown, 'warning') : ''}
${isOne ? oneGroup(claim.groups[0] ?? {}, existing?.[0], text) : `<p>${escaped(text.aboutGroups)}</p>`}
<form method="post" action="?">
<input type="hidden" name="token" value="${escaped(token)}">
${isOne ? '<input type="hidden" name="all" value="1">' : groupChoices(claim, existing, form, text)}
<fieldset><legend>${escaped(text.duration)}</legend>
${durations.map((seconds) => choice('radio', 'seconds', String(seconds), seconds === form.seconds, escaped(durationText(seconds, text)))).join('\n')}
</fieldset>
<label class="field">${escaped(text.who)} <span class="hint">${escaped(text.whoHint)}</span><input name="who" required maxlength="100" autocomplete="name" value="${escaped(form.who)}"></label>
<label class="field">${escaped(text.comment)}<input name="comment" maxlength="300" value="${escaped(form.comment)}"></label>
<button>${escaped(text.submit)}</button>
</form>
<p class="soft">${escaped(text.meaning)}</p>`,
  );
}

function oneGroup(labels: Labels, existing: ExistingSilence | undefined, text: PageTexts): string {
  return `${existing === undefined ? '' : note(text.already(existing.until, existing.by))}
<p>${escaped(text.about)}</p>
${labelList(labels)}`;
}

function groupChoices(
  { groups, more }: AcknowledgeClaim,
  existing: AskPage['existing'],
  form: AcknowledgeForm,
  text: PageTexts,
): string {
  const lines = groups.map((labels, index) => {
    const silence = existing?.[index];
    const already =
      silence === undefined ? '' : `<span class="hint">${escaped(text.already(silence.until, silence.by))}</span>`;
    const words = Object.entries(labels).map(([name, value]) =>
      name === 'alertname' ? `<b>${shown(value)}</b>` : `${shown(name)}=<b>${shown(value)}</b>`,
    );
    const content = `<span>${words.join(' · ')}${already}</span>`;
    return choice('checkbox', 'group', String(index), form.groups.includes(index), content);
  });
  return `<fieldset class="choices">
${choice('checkbox', 'all', '1', false, `<b>${escaped(text.allGroups(groups.length))}</b>`)}
${lines.join('\n')}
</fieldset>
${more === 0 ? '' : `<p class="soft">${escaped(text.moreGroups(more))}</p>`}`;
}

export function donePage(
  language: Language,
  { groups, duration, until, who }: { groups: readonly Labels[]; duration: number; until: string; who: string },
): string {
  const text = pageTexts[language];
  return pageFrame(
    language,
    text.doneTitle,
    `${note(text.done(durationText(duration, text), until, who))}
<p>${escaped(text.next)}</p>
${groups.map(labelList).join('\n')}`,
  );
}

/** Alertmanager took only some of the silences, or none. */
export function failedPage(language: Language, token: string, taken: number, wanted: number): string {
  const text = pageTexts[language];
  const said = taken === 0 ? text.failed : text.partly(taken, wanted);
  return pageFrame(
    language,
    text.failedTitle,
    `${note(said, 'warning')}
<a class="button" href="?token=${encodeURIComponent(token)}">${escaped(text.again)}</a>`,
  );
}

export function faultPage(language: Language, fault: 'wrong' | 'expired'): string {
  const text = pageTexts[language];
  const title = fault === 'wrong' ? text.wrongTitle : text.expiredTitle;
  return pageFrame(language, title, note(text[fault], 'warning'));
}

function labelList(labels: Labels): string {
  const rows = Object.entries(labels).map(
    ([name, value]) => `<div><dt>${shown(name)}</dt><dd>${shown(value)}</dd></div>`,
  );
  return `<dl>${rows.join('')}</dl>`;
}

/** A label without what could turn around or hide the words beside it. A long one may break between its words. */
function shown(label: string): string {
  return `<bdi>${escaped(cleanText(label)).replaceAll(/(?<=[a-z])(?=[A-Z])|(?<=[._/])/g, '<wbr>')}</bdi>`;
}

/** `content` is HTML. */
function choice(type: 'radio' | 'checkbox', name: string, value: string, isChosen: boolean, content: string): string {
  return `<label class="choice"><input type="${type}" name="${name}" value="${value}"${isChosen ? ' checked' : ''}> ${content}</label>`;
}

function note(text: string, look: 'warning' | '' = ''): string {
  return `<p class="note${look === '' ? '' : ` ${look}`}">${escaped(text)}</p>`;
}

function durationText(seconds: number, { units }: PageTexts): string {
  const sizes = [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
  ] as const;
  const [unit, size] = sizes.find(([, each]) => seconds % each === 0) ?? (['m', 60] as const);
  const count = Math.round(seconds / size);
  return `${count} ${units[unit][count === 1 ? 0 : 1]}`;
}
