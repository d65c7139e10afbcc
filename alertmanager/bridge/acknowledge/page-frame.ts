import type { Language } from '../message.ts';

/** For the header Content-Security-Policy: nothing but the style in the page itself. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A page without scripts, so that a preview of a chat program or a scanner does nothing by opening it. `title` is plain text, `body` HTML. */
export function pageFrame(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --text: #1f2933; --soft: #52606d; --line: #cbd2d9; --edge: #7b8794; --page: #f5f7fa; --card: #fff; --note: #e8f1fa; --warn: #fff3d6; --warn-edge: #b7791f; --act: #0b5fa5 }
@media (prefers-color-scheme: dark) { :root { --text: #e4e7eb; --soft: #a9b4c0; --line: #3e4c59; --edge: #7b8794; --page: #12161a; --card: #1b2127; --note: #1c2f40; --warn: #3a2f14; --warn-edge: #d9a441; --act: #1a6fb8 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page) }
main { max-width: 34rem; margin: 0 auto; padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px }
h1 { margin: 0 0 .75rem; font-size: 1.4rem; line-height: 1.3 }
p { margin: 0 0 1rem }
dl { margin: 0 0 1rem; border-top: 1px solid var(--line) }
dl div { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 5fr); gap: .75rem; padding: .4rem 0; border-bottom: 1px solid var(--line) }
dt { color: var(--soft) } dd { margin: 0; font-weight: 600 }
dt, dd, .choice, .note { overflow-wrap: anywhere }
fieldset { margin: 0 0 1rem; padding: 0; border: 0; min-width: 0 }
legend, .field { padding: 0; font-weight: 600 }
.field { display: block; margin: 0 0 1rem }
.hint { display: block; font-weight: 400; color: var(--soft); font-size: .9rem }
.choice { display: flex; gap: .6rem; align-items: flex-start; min-height: 44px; padding: .6rem 0 }
.choices { max-height: 24rem; overflow-y: auto; padding: 0 .75rem; border: 1px solid var(--edge); border-radius: 4px }
.choices .choice { border-bottom: 1px solid var(--line) }
.choices .choice:last-child { border: 0 }
.choice input { flex: none; width: 1.3rem; height: 1.3rem; margin: .1rem 0 0; accent-color: var(--act) }
.field input { display: block; width: 100%; min-height: 44px; margin: .25rem 0 0; padding: .5rem .6rem; font: inherit; font-weight: 400; color: inherit; background: var(--card); border: 1px solid var(--edge); border-radius: 4px }
button, .button { display: block; width: 100%; min-height: 48px; padding: .7rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; color: #fff; background: var(--act); border: 0; border-radius: 4px; cursor: pointer }
form { margin: 0 0 1rem }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
.note { padding: .7rem .9rem; background: var(--note); border-left: 4px solid var(--act) }
.warning { background: var(--warn); border-color: var(--warn-edge) }
main > :last-child { margin-bottom: 0 }
.soft { color: var(--soft) }
`;

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
