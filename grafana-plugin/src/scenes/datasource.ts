/** The data source that is chosen at the top of a page or board. */
export const datasource = { type: 'prometheus', uid: '$' + '{datasource}' };
