/** Which proxy a request goes through, by the variables that curl made customary. */

export interface ProxySettings {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  /** For schemes without a proxy of their own. */
  readonly all?: string | undefined;
  /** Comma-separated: hosts, `.suffixes`, `host:port`, IPv4 ranges `10.0.0.0/8`, `*`. */
  readonly none?: string | undefined;
}

/** The proxies that `variables` name; lower-case spellings come first, empty values count as absent. */
export function proxiesOfVariables(variables: Readonly<Record<string, string | undefined>>): ProxySettings {
  const pick = (name: string): string | undefined => variables[name.toLowerCase()] || variables[name] || undefined;
  return { http: pick('HTTP_PROXY'), https: pick('HTTPS_PROXY'), all: pick('ALL_PROXY'), none: pick('NO_PROXY') };
}

/** The proxy URL for `url`, `undefined` to connect directly. A proxy without a scheme is an `http:` one. */
export function proxyFor(url: URL, proxies: ProxySettings): string | undefined {
  const proxy = (url.protocol === 'https:' ? proxies.https : proxies.http) ?? proxies.all;
  if (proxy === undefined || isExempt(url, proxies.none ?? '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isExempt(url: URL, none: string): boolean {
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return none
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((rule) => ruleCovers(rule, host, port));
}

function ruleCovers(rule: string, host: string, port: string): boolean {
  if (rule === '*') return true;
  if (rule.includes('/')) return isInRange(host, rule);
  const match = /^\[?(.*?)\]?(?::(\d+))?$/.exec(rule);
  const [, wanted = '', wantedPort] = rule.split(':').length > 2 ? [rule, rule] : (match ?? []);
  if (wantedPort !== undefined && wantedPort !== port) return false;
  const name = wanted.replace(/^\*?\./, '').toLowerCase();
  return host === name || host.endsWith(`.${name}`);
}

function isInRange(host: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const [address, base] = [ipv4Number(host), ipv4Number(network)];
  if (address === undefined || base === undefined || !/^\d+$/.test(bits)) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address / size) === Math.floor(base / size);
}

function ipv4Number(text: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  return text.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
