/** Set by `npx projen verify`, and so by CI. A build, which runs after every change, tries a part of what could be tried without end. */
export const THOROUGH = process.env.DATAWORKS_TESTS === 'thorough';

/** How many cases a test draws: all, or an eighth of them. */
export const drawn = (all: number): number => (THOROUGH ? all : Math.ceil(all / 8));
