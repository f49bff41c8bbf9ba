/** Something under way that others wait for too. */
export interface Flight {
  /** What it is about was set or deleted since it began. */
  overtaken: boolean;
}

/** Work that is done once for all who ask for it while it is under way. */
export class Flights<T> {
  private readonly byKey = new Map<string, { readonly flight: Flight; readonly promise: Promise<T> }>();

  share(key: string, begin: (flight: Flight) => Promise<T>): Promise<T> {
    const known = this.byKey.get(key);
    if (known) return known.promise;
    const flight = { overtaken: false };
    const promise = begin(flight);
    const landed = () => {
      if (this.byKey.get(key)?.flight === flight) this.byKey.delete(key);
    };
    this.byKey.set(key, { flight, promise });
    promise.then(landed, landed);
    return promise;
  }

  /** Who asks from now on begins anew. */
  overtake(key: string): void {
    const known = this.byKey.get(key);
    if (!known) return;
    known.flight.overtaken = true;
    this.byKey.delete(key);
  }

  overtakeWhere(matches: (key: string) => boolean): void {
    for (const key of [...this.byKey.keys()]) if (matches(key)) this.overtake(key);
  }
}
