/** Of the statement: no fonts, pictures or scripts from elsewhere, so that it looks the same in ten years. */
export const statementStyle = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { font: 10.5pt/1.45 "Liberation Sans", Arial, Helvetica, "DejaVu Sans", sans-serif; color: #1b1f24; background: #fff; }
body { margin: 0 auto; max-width: 186mm; padding: 12mm 6mm; }
h1 { font-size: 20pt; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 12pt; margin: 9mm 0 2mm; break-after: avoid; }
p { margin: 0 0 2mm; }
.small, small { font-size: 8.5pt; color: #57606a; }
header { display: flex; justify-content: space-between; gap: 10mm; border-bottom: 1.5pt solid #1b1f24; padding-bottom: 5mm; }
header address { font-style: normal; }
header address strong { font-size: 12pt; }
.title { text-align: right; }
.title .number { font-size: 12pt; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: 1fr 1.1fr; gap: 1mm 10mm; margin: 6mm 0 2mm; }
.facts div { display: grid; grid-template-columns: 23mm 1fr; gap: 2mm; }
.facts dt { color: #57606a; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.due { display: flex; justify-content: space-between; align-items: baseline; background: #eef2f6; border-radius: 2mm; padding: 4mm 5mm; margin: 5mm 0; break-inside: avoid; }
.due strong { font-size: 17pt; font-variant-numeric: tabular-nums; }
.note { border-left: 3pt solid #bf6a02; background: #fff6e8; padding: 3mm 4mm; margin: 4mm 0; break-inside: avoid; }
.note ul { margin: 1mm 0 0; padding-left: 5mm; }
table { width: 100%; border-collapse: collapse; margin: 0 0 2mm; }
caption { text-align: left; font-weight: 700; padding: 4mm 0 1.5mm; break-after: avoid; }
thead { display: table-header-group; }
tfoot { display: table-row-group; break-before: avoid; }
.short { break-inside: avoid; }
.charges { table-layout: fixed; }
.charges col.wide { width: auto; } .charges col.position { width: 10mm; } .charges col.number { width: 29mm; }
tr { break-inside: avoid; }
th { text-align: left; font-weight: 600; font-size: 8.5pt; color: #57606a; border-bottom: .75pt solid #8c959f; padding: 1mm 2mm 1mm 0; vertical-align: bottom; }
td, tbody th { padding: 1.4mm 2mm 1.4mm 0; border-bottom: .5pt solid #d8dee4; vertical-align: top; font-size: 9.5pt; }
tbody th { font-weight: 400; color: inherit; overflow-wrap: anywhere; }
tfoot th, tfoot td { font-weight: 700; color: inherit; border-bottom: 0; padding: 1.4mm 2mm 1.4mm 0; font-size: 9.5pt; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-right: 0; padding-left: 3mm; }
.figure + :not(.figure) { padding-left: 6mm; }
.position { color: #57606a; font-variant-numeric: tabular-nums; }
.totals { width: 90mm; margin: 5mm 0 0 auto; break-inside: avoid; }
.totals th { font-size: 10pt; color: inherit; font-weight: 400; border-bottom: .5pt solid #d8dee4; padding: 1.2mm 0; }
.totals td { font-size: 10pt; }
.totals .total th, .totals .total td { font-weight: 700; font-size: 13pt; border-top: 1.5pt solid #1b1f24; border-bottom: 0; padding-top: 2mm; }
code { font: 8.5pt/1.4 "Liberation Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.audit { break-inside: avoid; }
footer { margin-top: 8mm; border-top: .5pt solid #8c959f; padding-top: 2mm; }
.draft { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center; pointer-events: none; z-index: 1; }
.draft span { font-size: 120pt; font-weight: 700; letter-spacing: .08em; color: rgba(190, 40, 40, .11); transform: rotate(-32deg); }
@page { size: A4; margin: 14mm 12mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #57606a; } }
@media print { body { padding: 0; max-width: none; } html { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
@media screen and (max-width: 700px) { .charges { min-width: 150mm; } .due strong { white-space: nowrap; font-size: 14pt; } header, .facts { display: block; } .title { text-align: left; margin-top: 5mm; } .lines { overflow-x: auto; } }
`;
