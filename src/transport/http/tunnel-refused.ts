// Apart from what makes tunnels, because files that browsers load have to know it.

/** A proxy answered CONNECT with another status than 200. */
export class TunnelRefused extends Error {
  override readonly name: string = 'TunnelRefused';
  readonly status: number;

  /** `authority`: host and port that the tunnel was to lead to. */
  constructor(proxy: string, authority: string, status: number) {
    super(`The proxy ${proxy} refused the tunnel to ${authority} with HTTP status ${status}.`);
    this.status = status;
  }
}
