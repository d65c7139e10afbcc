import type { Bill, BillDetails, MeterEvidence } from '../bills/bill.ts';
import { coverageOf } from '../bills/bill-evidence.ts';
import { html, type Markup } from './markup.ts';
import { durationText, hoursText, momentText, percentText } from './words.ts';

const policies: Readonly<Record<string, string>> = {
  hold: 'waits for data',
  zero: 'nothing is charged',
  last_known: 'charged as last seen',
  kubernetes: 'charged by start and finish of pods',
};

/** How complete the bill is: what was seen, what was not, whether the sums agree, and what somebody has accepted. */
export function evidencePart(bill: Bill, { evidence, accepted }: BillDetails): Markup {
  const { meters, gaps } = evidence;
  if (meters.length === 0) return html`<h2>How complete it is</h2><p>Nothing was metered in this period.</p>`;
  return html`<h2>How complete it is</h2>
<p>${conservationText(meters)}</p>
${acceptedList(accepted)}
<div class="lines"><table>
<caption>What was metered, of all tenants</caption>
<thead><tr><th scope="col">Cluster</th><th scope="col">Meter</th><th scope="col">From and until</th><th scope="col" class="figure">Windows</th><th scope="col" class="figure">Seen</th><th scope="col" class="figure">Gaps</th></tr></thead>
<tbody>${meters.map((meter) => meterRow(meter, bill))}</tbody></table></div>
${gaps.length === 0 ? html`<p>Nothing was missed.</p>` : gapTable(gaps, bill)}`;
}

function conservationText(meters: readonly MeterEvidence[]): string {
  const checked = meters.flatMap(({ cluster, conservation }) =>
    conservation === undefined ? [] : [{ cluster, ...conservation }],
  );
  if (checked.length === 0) return 'No GPU time was metered, so there is no sum of GPU time to compare.';
  const hours = hoursText(checked.reduce((sum, { installedMs }) => sum + installedMs, 0));
  const wrong = checked.filter(({ error }) => error !== '0');
  if (wrong.length === 0) {
    return `Every GPU is accounted for: what was used, idle, unavailable and the system’s adds up to the ${hours} GPU hours that were installed. The difference is 0.`;
  }
  const named = wrong.map(({ cluster, error }) => `${error} GPU milliseconds in ${cluster}`).join(', ');
  return `What was used, idle, unavailable and the system’s differs from the ${hours} GPU hours that were installed by ${named}.`;
}

function acceptedList(accepted: BillDetails['accepted']): Markup | undefined {
  if (accepted.length === 0) return undefined;
  return html`<section class="note" aria-label="Accepted"><strong>Closed although:</strong>
<ul>${accepted.map(({ message, reason }) => html`<li>${message}. Accepted because: ${reason}</li>`)}</ul></section>`;
}

function meterRow(meter: MeterEvidence, { timeZone }: Bill): Markup {
  const coverage = coverageOf([meter]);
  return html`<tr><th scope="row"><bdi>${meter.cluster}</bdi></th><td>${meter.meter}</td>
<td>${momentText(meter.fromMs, timeZone)} to<br>${momentText(meter.untilMs, timeZone)}</td>
<td class="figure">${meter.windows}</td>
<td class="figure">${coverage === undefined ? '–' : percentText(coverage)}</td>
<td class="figure">${meter.gapMs === 0 ? 'none' : durationText(meter.gapMs)}</td></tr>`;
}

function gapTable(gaps: BillDetails['evidence']['gaps'], { timeZone }: Bill): Markup {
  return html`<div class="lines"><table>
<caption>The longest gaps, and what was done about them</caption>
<thead><tr><th scope="col">Where</th><th scope="col">From</th><th scope="col" class="figure">Length</th><th scope="col">Consequence</th></tr></thead>
<tbody>${gaps.map(
    ({
      where,
      cluster,
      meter,
      span,
      policy,
    }) => html`<tr><th scope="row"><bdi>${where}</bdi><br><small>${meter} of ${cluster}</small></th>
<td>${momentText(span.startMs, timeZone)}</td><td class="figure">${durationText(span.endMs - span.startMs)}</td><td>${policies[policy] ?? policy}</td></tr>`,
  )}</tbody></table></div>`;
}
