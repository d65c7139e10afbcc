export interface LandingPage {
  readonly title: string;
  readonly about: string;
  /** Set apart, for what a reader must not miss. */
  readonly notice?: string | undefined;
  readonly version: string;
  readonly links: readonly { readonly path: string; readonly text: string }[];
}

/** One small page without scripts or outside resources, for the person who opens the port in a browser. */
export function landingPage({ title, about, notice, version, links }: LandingPage): string {
  const items = links.map(
    ({ path, text }) => `<li><a href="${escapeHtml(path)}">${escapeHtml(path)}</a> ${escapeHtml(text)}</li>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem; color: #1f2933; background: #fff }
h1 { font-size: 1.6rem; margin: 0 } p { margin: .4rem 0 1.2rem } small { color: #52606d }
ul { list-style: none; padding: 0; border-top: 1px solid #d9e2ec } li { padding: .5rem 0; border-bottom: 1px solid #d9e2ec }
a { font-family: ui-monospace, monospace; color: #0b5fa5; margin-right: .75rem }
@media (prefers-color-scheme: dark) { body { color: #e4e7eb; background: #16191d } small { color: #9aa5b1 } a { color: #7cc4fa } ul, li { border-color: #323f4b } }
</style>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(about)}</p>
${notice === undefined ? '' : `<p><strong>${escapeHtml(notice)}</strong></p>\n`}<ul>
${items.join('\n')}
</ul>
<p><small>Version ${escapeHtml(version)}</small></p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
