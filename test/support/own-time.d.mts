export declare function now(): { ms: number; waitedMs: number };

/**
 * How long it took without the time in which no processor was free for it: on a loaded machine that is no fault of what
 * is measured.
 */
export declare function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }>;
