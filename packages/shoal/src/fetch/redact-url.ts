/** `url` for messages and events: the password of its userinfo replaced by `****`. Text that is no URL is returned as it is. */
export function redactUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/?#@]*)@/i, (_, scheme: string, userinfo: string) => {
    const colon = userinfo.indexOf(':');
    return `${scheme}${colon < 0 ? '****' : `${userinfo.slice(0, colon)}:****`}@`;
  });
}

/** `url` without its userinfo, as it is requested and stored. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}
