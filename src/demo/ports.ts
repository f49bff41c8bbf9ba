/** Remembers over restarts how far the demo data came. */
export abstract class DemoProgress {
  abstract get(): Promise<'loading' | 'loaded' | undefined>;
  abstract set(state: 'loading' | 'loaded'): Promise<void>;
}
