/** The children of the benchmarks: which program, and whom it runs as. */

/** Ends at once. */
export const TRUE = '/bin/true';
/** Who has no rights anywhere; only root may become somebody else. */
const NOBODY = 65_534;

const own = process.getuid?.();
/** For root nobody, else the user itself: the call is made in either case. */
export const USER = own === undefined || own === 0 ? NOBODY : own;
