/** The release of PGlite that package.json pins, and PostgreSQL's major version inside. A test compares both with the real ones. */
export const pgliteVersion = '0.5.16';
export const postgresMajor = '18';
