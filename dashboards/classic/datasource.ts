/** The import of an app's boards fills no placeholder, so every panel and query asks the board's own variable. */
export const datasource = { type: 'prometheus', uid: `\${datasource}` } as const;
