/** Knows which methods each address has, so that a wrong method is told from a wrong address. */
export class AllowedMethods {
  private readonly routes: { pattern: RegExp; method: string }[] = [];

  add(url: string, methods: string | readonly string[]): void {
    const pattern = new RegExp(`^${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}$`);
    for (const method of [methods].flat()) this.routes.push({ pattern, method: String(method) });
  }

  /** The methods of an address, sorted; none when there is nothing at it. */
  of(url: string): string[] {
    const path = url.split('?')[0]!;
    const found = this.routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    return [...new Set(found)].sort();
  }
}
