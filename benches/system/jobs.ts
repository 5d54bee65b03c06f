/** The jobs of the executors: how many workers there are, and what runs in them. */

/** So many for every peer; their defaults differ. */
export const WORKERS = 4;

/** The module and name of the empty job, for a worker to load. */
export const EMPTY = { module: new URL('./empty-job.js', import.meta.url).href, export: 'empty' };
