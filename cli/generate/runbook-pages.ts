import { alertThemes } from '../../rules/alerts/index.ts';
import { profileThemes } from '../../rules/profiles/index.ts';
import { runbookPage, variantsOf } from '../../rules/render/runbooks.ts';
import { applyOverrides } from '../rules/overrides/apply-overrides.ts';
import { noOverrides, type Overrides } from '../rules/overrides/overrides.ts';
import type { Files } from './files.ts';

/** A page for each alert, with the values of a site; what an alert is on the series of other exporters stands on the same page. */
export function runbookPages(overrides: Overrides = noOverrides): Files {
  const ofProfiles = applyOverrides(profileThemes, overrides);
  const pages = new Map<string, string>();
  for (const theme of [...ofProfiles, ...applyOverrides(alertThemes, overrides)]) {
    for (const alert of theme.alerts) {
      pages.set(`${alert.name}.md`, runbookPage(alert, theme, variantsOf(alert.name, ofProfiles)));
    }
  }
  return pages;
}
