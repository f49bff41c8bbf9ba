/** Something under way that others wait for too. */
export interface Flight {
  /** What it is about was set or deleted since it began. */
  overtaken: boolean;
}

interface Shared<T> extends Flight {
  promise?: Promise<T>;
}

/** Work that is done once for all who ask for it while it is under way. */
export class Flights<T> {
  private readonly byKey = new Map<string, Shared<T>>();

  share(key: string, begin: (flight: Flight) => Promise<T>): Promise<T> {
    const known = this.byKey.get(key);
    if (known?.promise) return known.promise;
    const flight: Shared<T> = { overtaken: false };
    this.byKey.set(key, flight);
    flight.promise = this.fly(key, flight, begin);
    return flight.promise;
  }

  /** Who asks from now on begins anew. */
  overtake(key: string): void {
    const known = this.byKey.get(key);
    if (!known) return;
    known.overtaken = true;
    this.byKey.delete(key);
  }

  overtakeWhere(matches: (key: string) => boolean): void {
    for (const key of [...this.byKey.keys()]) if (matches(key)) this.overtake(key);
  }

  private async fly(key: string, flight: Shared<T>, begin: (flight: Flight) => Promise<T>): Promise<T> {
    try {
      return await begin(flight);
    } finally {
      if (this.byKey.get(key) === flight) this.byKey.delete(key);
    }
  }
}
