/** What is used of WebAssembly: its types come with those of a browser, which a service has not. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  /** Sizes are pages of 64 KiB; throws RangeError where there is no room. */
  class Memory<Buffer extends ArrayBufferLike = ArrayBufferLike> {
    readonly buffer: Buffer;
    constructor(size: { initial: number; maximum?: number; shared?: boolean });
    grow(pages: number): number;
  }
  class Instance {
    readonly exports: unknown;
    constructor(module: Module, imports: { env: { memory: Memory } });
  }
}
